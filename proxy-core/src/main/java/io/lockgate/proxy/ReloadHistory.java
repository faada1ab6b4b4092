package io.lockgate.proxy;

import io.lockgate.config.hocon.ProblemReport;
import io.lockgate.config.model.ConfigProblem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What came of the start and of the latest reloads, and what the log says of each. Any thread may
 * read it.
 */
final class ReloadHistory {
  private static final Logger LOG = LoggerFactory.getLogger(ReloadHistory.class);
  private static final int KEPT = 50;

  private final Deque<ReloadReport> reports = new ArrayDeque<>();

  void started(ReloadReport report) {
    keep(report);
    warn(report.problems());
  }

  void reloaded(ReloadReport report) {
    keep(report);
    log(report);
    warn(report.problems());
  }

  /** Newest first. */
  List<ReloadReport> latest() {
    synchronized (reports) {
      return new ArrayList<>(reports);
    }
  }

  private void keep(ReloadReport report) {
    synchronized (reports) {
      reports.addFirst(report);
      if (reports.size() > KEPT) {
        reports.removeLast();
      }
    }
  }

  private static void log(ReloadReport report) {
    switch (report.result()) {
      case APPLIED ->
          LOG.info(
              "generation {} serves after {} ms: {}",
              report.generation(),
              report.took().toMillis(),
              String.join("; ", report.changes()));
      case UNCHANGED -> LOG.info("nothing to reload: the configuration is unchanged");
      case REJECTED ->
          LOG.error(
              "reload rejected, generation {} goes on: {}",
              report.generation(),
              ProblemReport.render(report.problems(), false));
    }
  }

  private static void warn(List<ConfigProblem> problems) {
    for (ConfigProblem problem : problems) {
      if (problem.severity() == ConfigProblem.Severity.WARNING) {
        LOG.warn("{}: {} ({})", problem.code(), problem.message(), problem.origin());
      }
    }
  }
}
