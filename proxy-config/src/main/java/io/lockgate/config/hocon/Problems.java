package io.lockgate.config.hocon;

import io.lockgate.config.model.ConfigProblem;
import io.lockgate.config.model.Origin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What one reading found wrong. Only grows; belongs to the thread that reads.
 *
 * <p>The order in which checks run is no business of the operator, so the list is given out in the
 * order of files and lines.
 */
final class Problems {
  private final List<ConfigProblem> found = new ArrayList<>();

  void error(String code, String path, Origin origin, String message, String hint) {
    found.add(ConfigProblem.error(code, path, origin, message, hint));
  }

  void warning(String code, String path, Origin origin, String message, String hint) {
    found.add(ConfigProblem.warning(code, path, origin, message, hint));
  }

  boolean hasErrors() {
    return found.stream().anyMatch(p -> p.severity() == ConfigProblem.Severity.ERROR);
  }

  List<ConfigProblem> inReadingOrder() {
    if (found.size() < 2) {
      return List.copyOf(
          found); // As a rule; and a start that builds no comparator is a faster one.
    }
    List<ConfigProblem> sorted = new ArrayList<>(found);
    sorted.sort(
        Comparator.comparing((ConfigProblem p) -> p.origin().file())
            .thenComparingInt(p -> p.origin().line())
            .thenComparing(ConfigProblem::path)
            .thenComparing(ConfigProblem::code));
    return List.copyOf(sorted);
  }
}
