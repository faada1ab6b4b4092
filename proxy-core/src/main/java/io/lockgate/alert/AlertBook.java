package io.lockgate.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which alerts fire, since when, and which did until lately. Tells the log of every beginning and
 * end, of many at once only some. Not safe for several threads.
 */
final class AlertBook {
  /** An alert has to have been over for so long before it is: figures sway about their bounds. */
  static final Duration CALM = Duration.ofMinutes(1);

  /** How long it is told of an alert that is over. */
  static final Duration REMEMBERED = Duration.ofMinutes(15);

  private static final int MOST_ENDED = 200;
  private static final int MOST_LINES = 20;
  private static final Logger LOG = LoggerFactory.getLogger(AlertBook.class);

  private final Map<Alert.Key, Entry> entries = new HashMap<>();
  private final Deque<ActiveAlert> ended = new ArrayDeque<>();
  private int lines;

  /**
   * Takes over what is so now.
   *
   * @param silences those that count now
   */
  void update(List<Alert> alerts, List<Silence> silences, Instant now) {
    lines = 0;
    for (Alert alert : alerts) {
      Entry entry = entries.computeIfAbsent(alert.key(), key -> new Entry(alert, now));
      entry.alert = alert;
      entry.seen = now;
      entry.silence = covering(silences, alert);
      if (!entry.fires && !now.isBefore(entry.began.plus(alert.patience()))) {
        entry.fires = true;
        tellStart(entry);
      }
    }
    end(now);
    tellUntold();
    while (!ended.isEmpty()
        && (ended.size() > MOST_ENDED
            || now.isAfter(ended.getLast().endsAt().orElse(now).plus(REMEMBERED)))) {
      ended.removeLast();
    }
  }

  private static Optional<Silence> covering(List<Silence> silences, Alert alert) {
    if (silences.isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> labels = ActiveAlert.labels(alert);
    return silences.stream().filter(silence -> silence.covers(labels)).findFirst();
  }

  private void end(Instant now) {
    Iterator<Entry> all = entries.values().iterator();
    while (all.hasNext()) {
      Entry entry = all.next();
      if (!entry.fires && entry.seen.isBefore(now)) {
        all.remove();
      } else if (entry.fires && !now.isBefore(entry.seen.plus(CALM))) {
        all.remove();
        ended.addFirst(entry.as(Optional.of(now)));
        tellEnd(entry);
      }
    }
  }

  /** Those that fire, the most urgent and oldest first, and then those that are over. */
  List<ActiveAlert> all() {
    List<ActiveAlert> all = new ArrayList<>();
    entries.values().stream()
        .filter(entry -> entry.fires)
        .map(entry -> entry.as(Optional.empty()))
        .sorted(
            Comparator.comparing((ActiveAlert a) -> a.alert().severity())
                .reversed()
                .thenComparing(ActiveAlert::startsAt)
                .thenComparing(a -> a.alert().name())
                .thenComparing(a -> a.alert().labels().toString()))
        .forEach(all::add);
    all.addAll(ended);
    return all;
  }

  private void tellStart(Entry entry) {
    if (mayTell()) {
      LOG.warn(
          "alert {} ({}{}): {}",
          entry.alert.name(),
          entry.alert.severity().label(),
          entry.silence.isPresent() ? ", silenced" : "",
          entry.alert.summary());
    }
  }

  private void tellEnd(Entry entry) {
    if (mayTell()) {
      LOG.info("alert {} is over: {}", entry.alert.name(), entry.alert.labels());
    }
  }

  private boolean mayTell() {
    return ++lines <= MOST_LINES;
  }

  private void tellUntold() {
    if (lines > MOST_LINES) {
      LOG.warn("{} more alerts began or ended; /alerts has them all", lines - MOST_LINES);
    }
  }

  private static final class Entry {
    Alert alert;
    final Instant began;
    Instant seen;
    boolean fires;
    Optional<Silence> silence = Optional.empty();

    Entry(Alert alert, Instant now) {
      this.alert = alert;
      this.began = now;
      this.seen = now;
    }

    ActiveAlert as(Optional<Instant> end) {
      return new ActiveAlert(alert, began, end, silence);
    }
  }
}
