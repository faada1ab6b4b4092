package io.lockgate.app;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code lockgate reload}: asks, waits until it is done, and says what came of it. */
@Command(
    name = "reload",
    mixinStandardHelpOptions = true,
    description = "Asks the running daemon to read its configuration again.")
final class ReloadCommand implements Callable<Integer> {
  private static final int UNPROCESSABLE = 422;

  @Mixin private final AdminOptions admin = new AdminOptions();

  @Option(names = "--json", description = "The daemon's answer as it is, on standard output.")
  private boolean json;

  private final Surroundings surroundings;

  ReloadCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    AdminClient.Answer answer = admin.client(surroundings).post("/reload");
    boolean rejected = answer.status() == UNPROCESSABLE;
    if (!answer.good() && !rejected) {
      surroundings.err().println("lockgate reload: " + answer.refusal());
      return ExitCode.FAILED;
    }
    if (json) {
      surroundings.out().println(answer.body().strip());
    } else if (rejected) {
      printErrors(JsonMapper.shared().readTree(answer.body()));
    } else {
      printChanges(JsonMapper.shared().readTree(answer.body()));
    }
    return rejected ? ExitCode.WRONG_CONFIGURATION : ExitCode.GOOD;
  }

  private void printChanges(JsonNode answer) {
    surroundings.out().println("generation " + answer.path("generation").asString("?"));
    JsonNode changes = answer.path("changes");
    if (changes.isEmpty()) {
      surroundings.out().println("nothing changed");
    }
    changes.forEach(change -> surroundings.out().println("  " + change.asString("")));
  }

  private void printErrors(JsonNode answer) {
    JsonNode errors = answer.path("errors");
    errors.forEach(this::printError);
    surroundings.err().println(errors.size() + " errors. The old configuration goes on serving.");
  }

  private void printError(JsonNode error) {
    if (!error.isObject()) {
      surroundings.err().println("error: " + error.asString(""));
      return;
    }
    surroundings
        .err()
        .println(
            "error["
                + error.path("code").asString("")
                + "]: "
                + error.path("message").asString(""));
    surroundings
        .err()
        .println("  --> " + error.path("file").asString("") + ":" + error.path("line").asInt(0));
    String hint = error.path("hint").asString("");
    if (!hint.isEmpty()) {
      surroundings.err().println("   = help: " + hint);
    }
  }
}
