package io.lockgate.alert;

import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An alert that was told of.
 *
 * @param startsAt when it began to be so
 * @param endsAt empty while it is so
 * @param silencedBy the silence that covers it now
 */
record ActiveAlert(
    Alert alert, Instant startsAt, Optional<Instant> endsAt, Optional<Silence> silencedBy) {

  boolean firing() {
    return endsAt.isEmpty();
  }

  /** All that a silence or a receiver can tell it by. */
  SortedMap<String, String> labels() {
    return labels(alert);
  }

  static SortedMap<String, String> labels(Alert alert) {
    SortedMap<String, String> labels = new TreeMap<>(alert.labels());
    labels.put("alertname", alert.name());
    labels.put("severity", alert.severity().label());
    return labels;
  }
}
