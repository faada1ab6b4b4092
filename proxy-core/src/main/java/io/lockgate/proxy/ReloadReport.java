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

  /** Label of {@code config_reloads_total}. */
  public enum Result {
    APPLIED,
    UNCHANGED,
    REJECTED
  }
}
