package io.lockgate.alert;

import java.time.Duration;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Something that somebody should be told of, for as long as it is so. Two alerts of one name and
 * the same labels are the same alert, whatever they say.
 *
 * @param labels what it is about, such as a host; all of them configured, never sent by a client
 * @param patience how long it has to be so before anybody is told
 */
public record Alert(
    String name,
    Severity severity,
    SortedMap<String, String> labels,
    String summary,
    String description,
    Duration patience) {
  public Alert {
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
  }

  /** An alert on one thing. */
  public static Alert of(
      String name,
      Severity severity,
      String label,
      String value,
      String summary,
      String description,
      Duration patience) {
    SortedMap<String, String> labels = new TreeMap<>();
    labels.put(label, value);
    return new Alert(name, severity, labels, summary, description, patience);
  }

  /** What tells it from all others. */
  Key key() {
    return new Key(name, labels);
  }

  record Key(String name, SortedMap<String, String> labels) {}
}
