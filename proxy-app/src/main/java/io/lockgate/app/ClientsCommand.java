package io.lockgate.app;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lockgate clients}: who would be lost if a version of TLS were switched off. */
@Command(
    name = "clients",
    mixinStandardHelpOptions = true,
    description = "Says what the clients of each host have spoken over the last 24 hours.")
final class ClientsCommand implements Callable<Integer> {
  @Mixin private final AdminOptions admin = new AdminOptions();

  @Option(names = "--json", description = "One JSON document on standard output.")
  private boolean json;

  private final Surroundings surroundings;

  ClientsCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    AdminClient.Answer answer = admin.client(surroundings).get("/clients");
    if (!answer.good()) {
      surroundings.err().println("lockgate clients: " + answer.refusal());
      return ExitCode.FAILED;
    }
    if (json) {
      surroundings.out().println(answer.body().strip());
    } else {
      surroundings.out().print(DaemonClients.text(answer.body()));
    }
    return ExitCode.GOOD;
  }
}
