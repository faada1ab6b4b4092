package io.lockgate.app;

import io.lockgate.config.hocon.ProblemReport;
import io.lockgate.config.model.ConfigProblem;
import io.lockgate.config.model.ConfigProblem.Severity;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lockgate check}: its report is its result, and so stands on standard output. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = "Checks everything that run would load, certificates included; changes nothing.")
final class CheckCommand implements Callable<Integer> {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "The configuration; otherwise conf/lockgate.conf of the distribution.")
  private Optional<Path> configFile = Optional.empty();

  @Option(names = "--json", description = "One JSON document on standard output.")
  private boolean json;

  @Option(names = "--strict", description = "Warnings are errors.")
  private boolean strict;

  private final Surroundings surroundings;

  CheckCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    Path file = configFile.orElseGet(surroundings::defaultConfigFile);
    Checkup found = Checkup.of(file, surroundings);
    Checkup checkup = strict ? found.strict() : found;
    if (json) {
      surroundings.out().println(asJson(file, checkup));
    } else {
      checkup.notes().forEach(note -> surroundings.out().println("note: " + note));
      boolean colours = surroundings.coloursAllowed();
      surroundings.out().print(ProblemReport.render(checkup.problems(), colours));
    }
    return checkup.errors() == 0 ? ExitCode.GOOD : ExitCode.WRONG_CONFIGURATION;
  }

  private static JsonText asJson(Path file, Checkup checkup) {
    JsonText json = new JsonText().beginObject();
    json.field("file", file.toString()).field("valid", checkup.errors() == 0);
    json.field("errors", checkup.errors()).field("warnings", checkup.warnings());
    json.name("problems").beginArray();
    checkup.problems().forEach(problem -> append(json, problem));
    json.endArray().name("notes").beginArray();
    checkup.notes().forEach(json::value);
    return json.endArray().endObject();
  }

  private static void append(JsonText json, ConfigProblem problem) {
    json.beginObject();
    json.field("severity", problem.severity() == Severity.ERROR ? "error" : "warning");
    json.field("code", problem.code()).field("path", problem.path());
    json.field("file", problem.origin().file()).field("line", problem.origin().line());
    json.field("message", problem.message());
    problem.hint().ifPresent(hint -> json.field("hint", hint));
    json.endObject();
  }
}
