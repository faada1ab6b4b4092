package io.lockgate.proxy;

import io.lockgate.config.model.ConfigProblem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What came of one reload, or of the start.
 *
 * @param generation the generation that serves after it
 * @param trigger {@code start}, {@code SIGHUP}, {@code POST /reload} ...
 * @param changes what is different, one short sentence each
 * @param problems errors where rejected, warnings otherwise
 */
public record ReloadReport(
    long generation,
    Instant time,
    Duration took,
    String trigger,
    Result result,
    List<String> changes,
    List<ConfigProblem> problems) {
  /** Code of the problem that nothing may be changed at the moment, whatever the files say. */
  static final String NOT_NOW = "stopping";

  /** Whether nobody has looked at the files, since nothing may be changed at the moment. */
  public boolean postponed() {
    return result == Result.REJECTED
        && problems.stream().anyMatch(problem -> problem.code().equals(NOT_NOW));
  }

  /** Label of {@code config_reloads_total}. */
  public enum Result {
    APPLIED,
    UNCHANGED,
    REJECTED
  }
}
