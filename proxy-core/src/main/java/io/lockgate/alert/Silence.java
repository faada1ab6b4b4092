package io.lockgate.alert;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A time in which nobody wants to hear of some alerts, such as maintenance.
 *
 * @param id given here; empty while it has none
 * @param match labels that an alert has to have, {@code alertname} and {@code severity} among them
 */
public record Silence(
    String id,
    SortedMap<String, String> match,
    Instant startsAt,
    Instant endsAt,
    String comment,
    boolean configured) {
  public Silence {
    match = Collections.unmodifiableSortedMap(new TreeMap<>(match));
  }

  boolean active(Instant now) {
    return !now.isBefore(startsAt) && now.isBefore(endsAt);
  }

  boolean covers(Map<String, String> labels) {
    return match.entrySet().stream()
        .allMatch(wanted -> wanted.getValue().equals(labels.get(wanted.getKey())));
  }
}
