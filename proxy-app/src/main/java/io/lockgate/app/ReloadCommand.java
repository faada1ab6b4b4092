package io.lockgate.app;

import io.lockgate.config.hocon.ProblemReport;
import io.lockgate.config.model.ConfigProblem;
import io.lockgate.config.model.ConfigProblem.Severity;
import io.lockgate.config.model.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

  /** An address that another holds, and a daemon that starts, drains or stops. */
  private static final Set<String> PASSING = Set.of("address-in-use", "stopping");

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
    }
    JsonNode document = JsonMapper.shared().readTree(answer.body());
    return rejected ? rejected(document) : applied(document);
  }

  private int rejected(JsonNode answer) {
    List<ConfigProblem> problems = problems(answer);
    if (!json) {
      surroundings.err().print(ProblemReport.render(problems, false));
    }
    return exitCode(problems);
  }

  private int applied(JsonNode answer) {
    if (!json) {
      printChanges(answer);
    }
    return ExitCode.GOOD;
  }

  private void printChanges(JsonNode answer) {
    surroundings.out().println("generation " + answer.path("generation").asString("?"));
    JsonNode changes = answer.path("changes");
    if (changes.isEmpty()) {
      surroundings.out().println("nothing changed");
    }
    changes.forEach(change -> surroundings.out().println("  " + change.asString("")));
  }

  private static List<ConfigProblem> problems(JsonNode answer) {
    List<ConfigProblem> problems = new ArrayList<>();
    answer.path("errors").forEach(error -> problems.add(problem(Severity.ERROR, error)));
    answer.path("warnings").forEach(warning -> problems.add(problem(Severity.WARNING, warning)));
    return problems;
  }

  private static ConfigProblem problem(Severity severity, JsonNode told) {
    int line = told.path("line").asInt(0);
    Origin origin = line > 0 ? new Origin(told.path("file").asString(""), line) : Origin.BUILT_IN;
    return new ConfigProblem(
        severity,
        told.path("code").asString(""),
        told.path("path").asString(""),
        origin,
        told.path("message").asString(""),
        Optional.of(told.path("hint").asString("")).filter(hint -> !hint.isEmpty()));
  }

  /** What will pass by itself, or by another's doing, is no fault of the configuration. */
  private static int exitCode(List<ConfigProblem> problems) {
    List<ConfigProblem> errors =
        problems.stream().filter(problem -> problem.severity() == Severity.ERROR).toList();
    boolean passing =
        !errors.isEmpty() && errors.stream().allMatch(error -> PASSING.contains(error.code()));
    return passing ? ExitCode.TRY_LATER : ExitCode.WRONG_CONFIGURATION;
  }
}
