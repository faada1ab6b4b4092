package io.lockgate.app;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code lockgate drain}: the same end as by SIGTERM, asked for over the admin endpoint. */
@Command(
    name = "drain",
    mixinStandardHelpOptions = true,
    description = "Asks the running daemon to finish what it has in hand, and to end.")
final class DrainCommand implements Callable<Integer> {
  @Mixin private final AdminOptions admin = new AdminOptions();

  private final Surroundings surroundings;

  DrainCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    AdminClient.Answer answer = admin.client(surroundings).post("/drain");
    if (!answer.good()) {
      surroundings.err().println("lockgate drain: " + answer.refusal());
      return ExitCode.FAILED;
    }
    surroundings.out().println("draining");
    return ExitCode.GOOD;
  }
}
