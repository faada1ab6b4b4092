package io.lockgate.alert;

import java.util.Map;
import java.util.Optional;

/**
 * A service level of a host as it stands.
 *
 * @param objective in per cent
 * @param severity empty where all is well
 */
record LevelStanding(
    String host,
    ServiceLevel level,
    double objective,
    Map<Window, Events> events,
    Optional<Severity> severity) {

  /** The highest burn rate over any of the windows. */
  double worst() {
    return events.values().stream().mapToDouble(e -> e.burnRate(objective)).max().orElse(0);
  }
}
