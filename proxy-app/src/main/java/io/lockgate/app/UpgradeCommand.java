package io.lockgate.app;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code lockgate upgrade}: asks, waits until the new process serves, and says which it is. */
@Command(
    name = "upgrade",
    mixinStandardHelpOptions = true,
    description = "Asks the running daemon to hand over to a new process of the version installed.")
final class UpgradeCommand implements Callable<Integer> {
  @Mixin private final AdminOptions admin = new AdminOptions();

  @Option(names = "--json", description = "The daemon's answer as it is, on standard output.")
  private boolean json;

  private final Surroundings surroundings;

  UpgradeCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    AdminClient.Answer answer = admin.client(surroundings).post("/upgrade");
    if (json && !answer.body().isBlank()) {
      surroundings.out().println(answer.body().strip());
    }
    if (!answer.good()) {
      surroundings.err().println("lockgate upgrade: " + answer.refusal());
      return ExitCode.FAILED;
    }
    if (!json) {
      JsonNode next = JsonMapper.shared().readTree(answer.body());
      surroundings
          .out()
          .println(
              "process "
                  + next.path("pid").asString("?")
                  + " serves, version "
                  + next.path("version").asString("?"));
    }
    return ExitCode.GOOD;
  }
}
