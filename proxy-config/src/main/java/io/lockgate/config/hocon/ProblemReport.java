package io.lockgate.config.hocon;

import io.lockgate.config.model.ConfigProblem;
import io.lockgate.config.model.ConfigProblem.Severity;
import io.lockgate.config.model.Origin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Problems as an operator reads them on a terminal: what is wrong, where, the line itself, what to
 * do. Reads the files again for their lines, so it never runs on an event loop; never shows the
 * value of a secret.
 */
public final class ProblemReport {
  private static final Pattern SECRET =
      Pattern.compile(
          "(?i)((?<!:)(?:token|password|secret)\"?\\s*(?:\\+?=|:)\\s*)(\"(?:[^\"\\\\]++|\\\\.)*+\"?|[^\\s,}#]+)");

  private static final String RED = "\u001b[1;31m";
  private static final String YELLOW = "\u001b[1;33m";
  private static final String BLUE = "\u001b[1;34m";
  private static final String PLAIN = "\u001b[0m";

  private final boolean color;
  private final Map<String, List<String>> linesByFile = new HashMap<>();
  private final StringBuilder out = new StringBuilder();

  private ProblemReport(boolean color) {
    this.color = color;
  }

  /** The problems of {@code result} and a closing line that counts them. */
  public static String render(ConfigResult result, boolean color) {
    return render(result.problems(), color);
  }

  /** {@code problems} in their order and a closing line that counts them; ends with a newline. */
  public static String render(List<ConfigProblem> problems, boolean color) {
    ProblemReport report = new ProblemReport(color);
    problems.forEach(report::add);
    return report.out.append(summary(problems)).append('\n').toString();
  }

  /** Such as {@code 1 error, 0 warnings. Nothing was changed.} */
  public static String summary(List<ConfigProblem> problems) {
    long errors = problems.stream().filter(p -> p.severity() == Severity.ERROR).count();
    long warnings = problems.size() - errors;
    return counted(errors, "error")
        + ", "
        + counted(warnings, "warning")
        + (errors > 0 ? ". Nothing was changed." : ".");
  }

  private static String counted(long n, String noun) {
    return n + " " + noun + (n == 1 ? "" : "s");
  }

  private void add(ConfigProblem problem) {
    boolean error = problem.severity() == Severity.ERROR;
    out.append(
            painted(error ? RED : YELLOW, (error ? "error[" : "warning[") + problem.code() + "]"))
        .append(": ")
        .append(problem.message())
        .append('\n');
    Origin origin = problem.origin();
    if (!origin.equals(Origin.BUILT_IN)) {
      out.append(painted(BLUE, "  --> ")).append(origin).append('\n');
    }
    line(origin)
        .ifPresent(
            line ->
                out.append(painted(BLUE, origin.line() + " | "))
                    .append(withoutSecrets(line))
                    .append('\n'));
    problem
        .hint()
        .ifPresent(
            hint -> out.append(painted(BLUE, "   = ")).append("help: ").append(hint).append('\n'));
  }

  private String painted(String paint, String text) {
    return color ? paint + text + PLAIN : text;
  }

  private Optional<String> line(Origin origin) {
    if (origin.line() <= 0) {
      return Optional.empty();
    }
    List<String> lines = linesByFile.computeIfAbsent(origin.file(), ProblemReport::linesOf);
    return origin.line() <= lines.size()
        ? Optional.of(lines.get(origin.line() - 1).stripTrailing())
        : Optional.empty();
  }

  private static List<String> linesOf(String file) {
    try {
      return new String(Files.readAllBytes(Path.of(file)), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException | InvalidPathException e) {
      // The report says the file and the line anyway; the text is a convenience.
      return List.of();
    }
  }

  /** The line as shown: a secret on it is covered, and control characters cannot act. */
  private static String withoutSecrets(String line) {
    return SECRET.matcher(line).replaceAll("$1<redacted>").replaceAll("[\\p{Cntrl}&&[^\t]]", "?");
  }
}
