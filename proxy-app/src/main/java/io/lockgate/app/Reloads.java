package io.lockgate.app;

import io.lockgate.config.model.ConfigProblem;
import io.lockgate.proxy.Proxy;
import io.lockgate.proxy.ReloadReport;
import org.slf4j.Logger;

/** Reloads, whoever asks, and writes what came of each into the log once. Blocks its caller. */
record Reloads(Proxy proxy, Logger log) {

  ReloadReport reload(String trigger) {
    ReloadReport report = proxy.reload(trigger);
    report.problems().forEach(this::write);
    switch (report.result()) {
      case APPLIED ->
          log.info(
              "reload applied trigger=\"{}\" generation={} took_ms={} changes={}",
              trigger,
              report.generation(),
              report.took().toMillis(),
              report.changes());
      case UNCHANGED ->
          log.info(
              "reload changed nothing trigger=\"{}\" generation={}", trigger, report.generation());
      case REJECTED ->
          log.error(
              "reload rejected trigger=\"{}\" generation={} errors={}",
              trigger,
              report.generation(),
              report.problems().stream()
                  .filter(p -> p.severity() == ConfigProblem.Severity.ERROR)
                  .count());
    }
    return report;
  }

  private void write(ConfigProblem problem) {
    String hint = problem.hint().map(text -> " hint=\"" + text + "\"").orElse("");
    if (problem.severity() == ConfigProblem.Severity.ERROR) {
      log.error("error[{}] {}: {}{}", problem.code(), problem.origin(), problem.message(), hint);
    } else {
      log.warn("warning[{}] {}: {}{}", problem.code(), problem.origin(), problem.message(), hint);
    }
  }
}
