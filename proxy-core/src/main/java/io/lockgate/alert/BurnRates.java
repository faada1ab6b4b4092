package io.lockgate.alert;

import io.lockgate.config.model.AlertsConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How fast hosts use up what their objectives allow to fail, over two pairs of windows: the long
 * one says that it matters, the short one that it still goes on. Computed from the counters, a few
 * times a minute, on no event loop. Safe for several threads.
 */
final class BurnRates {
  /** Two per cent of the budget of 30 days within an hour. */
  static final double FAST = 14.4;

  /** Five per cent of it within six hours. */
  static final double SLOW = 6;

  /** Hosts with traffic within six hours that are watched; each takes some 1.5 KiB. */
  static final int MOST_HOSTS = 10_000;

  private static final String UNKNOWN_HOSTS = "other";

  private final Map<ServiceLevel, Map<String, LevelHistory>> histories =
      new EnumMap<>(ServiceLevel.class);
  private final int mostHosts;
  private AlertsConfig config;
  private int unwatched;

  BurnRates(AlertsConfig config, int mostHosts) {
    this.config = config;
    this.mostHosts = mostHosts;
    for (ServiceLevel level : ServiceLevel.values()) {
      histories.put(level, new HashMap<>());
    }
  }

  synchronized void follow(AlertsConfig next) {
    config = next;
  }

  /** Takes in what has happened since the last call. */
  synchronized void observe(LevelSource source, Instant now) {
    source.read(this::count);
    unwatched = 0;
    histories.values().forEach(byHost -> settle(byHost, now.getEpochSecond()));
  }

  private void count(ServiceLevel level, String host, long good, long bad) {
    // Clients that ask for no host of ours are nobody's objective.
    if (!host.equals(UNKNOWN_HOSTS)) {
      histories.get(level).computeIfAbsent(host, key -> new LevelHistory()).count(good, bad);
    }
  }

  private void settle(Map<String, LevelHistory> byHost, long epochSecond) {
    int watched = 0;
    for (LevelHistory history : byHost.values()) {
      watched += history.any() ? 1 : 0;
    }
    int lost = 0;
    for (LevelHistory history : byHost.values()) {
      boolean before = history.any();
      lost += history.settle(epochSecond, watched < mostHosts) ? 0 : 1;
      watched += history.any() && !before ? 1 : 0;
    }
    unwatched = Math.max(unwatched, lost);
  }

  /** Hosts beyond those that are watched which had traffic when it was last looked. */
  synchronized int unwatched() {
    return unwatched;
  }

  /** Every host and level with events within six hours; the fastest to burn first. */
  synchronized List<LevelStanding> standing() {
    List<LevelStanding> standing = new ArrayList<>();
    histories.forEach(
        (level, byHost) ->
            byHost.forEach(
                (host, history) -> {
                  if (history.any()) {
                    standing.add(standing(level, host, history));
                  }
                }));
    standing.sort(
        Comparator.comparingDouble(LevelStanding::worst)
            .reversed()
            .thenComparing(LevelStanding::host)
            .thenComparing(LevelStanding::level));
    return standing;
  }

  /** Alerts as they stand. */
  synchronized List<Alert> alerts() {
    List<Alert> alerts = new ArrayList<>();
    histories.forEach(
        (level, byHost) ->
            byHost.forEach(
                (host, history) -> {
                  if (history.over(Window.SIX_HOURS).bad() >= config.minFailures()) {
                    alert(level, standing(level, host, history)).ifPresent(alerts::add);
                  }
                }));
    return alerts;
  }

  private LevelStanding standing(ServiceLevel level, String host, LevelHistory history) {
    double objective = objective(level, host);
    Map<Window, Events> events = new EnumMap<>(Window.class);
    for (Window window : Window.values()) {
      events.put(window, history.over(window));
    }
    return new LevelStanding(
        host, level, objective, events, severity(events, objective, config.minFailures()));
  }

  private double objective(ServiceLevel level, String host) {
    AlertsConfig.Objectives objectives = config.objectivesOf(host);
    return level == ServiceLevel.HANDSHAKES ? objectives.handshakes() : objectives.requests();
  }

  private static Optional<Severity> severity(
      Map<Window, Events> events, double objective, int minFailures) {
    if (burns(events, Window.FIVE_MINUTES, Window.HOUR, objective, FAST, minFailures)) {
      return Optional.of(Severity.PAGE);
    }
    return burns(events, Window.THIRTY_MINUTES, Window.SIX_HOURS, objective, SLOW, minFailures)
        ? Optional.of(Severity.TICKET)
        : Optional.empty();
  }

  private static boolean burns(
      Map<Window, Events> events,
      Window shorter,
      Window longer,
      double objective,
      double rate,
      int minFailures) {
    // A single failure in a quiet night is a high rate, and no reason to get up.
    return events.get(longer).bad() >= minFailures
        && events.get(shorter).burnRate(objective) >= rate
        && events.get(longer).burnRate(objective) >= rate;
  }

  private static Optional<Alert> alert(ServiceLevel level, LevelStanding standing) {
    return standing
        .severity()
        .map(
            severity -> {
              boolean fast = severity == Severity.PAGE;
              Window window = fast ? Window.FIVE_MINUTES : Window.THIRTY_MINUTES;
              SortedMap<String, String> labels = new TreeMap<>();
              labels.put("host", standing.host());
              return new Alert(
                  level.alertName() + (fast ? "Fast" : "Slowly"),
                  severity,
                  labels,
                  summary(standing, window),
                  level == ServiceLevel.HANDSHAKES
                      ? "/handshakes?host="
                          + standing.host()
                          + " says why, and which line of the configuration decides it."
                      : "/upstreams says which servers are ill and why.",
                  Duration.ZERO);
            });
  }

  private static String summary(LevelStanding standing, Window window) {
    Events events = standing.events().get(window);
    return String.format(
        Locale.ROOT,
        "%.1f %% of the %s of %s failed within %s, %.0f times what %s %% allows",
        100.0 * events.bad() / Math.max(1, events.all()),
        standing.level().label(),
        standing.host(),
        window.label(),
        events.burnRate(standing.objective()),
        decimal(standing.objective()));
  }

  private static String decimal(double percent) {
    return new java.math.BigDecimal(Double.toString(percent)).stripTrailingZeros().toPlainString();
  }
}
