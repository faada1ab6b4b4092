package io.lockgate.app;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code lockgate status}: whether the daemon serves; made for health checks, so it stays light.
 */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Says whether the running daemon serves; fails where it does not.")
final class StatusCommand implements Callable<Integer> {
  @Mixin private final AdminOptions admin = new AdminOptions();

  @Option(names = "--json", description = "One JSON document on standard output.")
  private boolean json;

  private final Surroundings surroundings;

  StatusCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    AdminClient client = admin.client(surroundings);
    AdminClient.Answer answer = client.get("/readyz");
    String said = answer.good() ? "" : answer.complaint();
    if (json) {
      JsonText document = new JsonText().beginObject();
      document.field("ready", answer.good()).field("reason", said);
      document.field("admin", client.address());
      surroundings.out().println(document.endObject());
    } else {
      surroundings.out().println(answer.good() ? "ready" : "not ready: " + said);
    }
    return answer.good() ? ExitCode.GOOD : ExitCode.FAILED;
  }
}
