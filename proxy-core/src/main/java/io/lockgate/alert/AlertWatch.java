package io.lockgate.alert;

import io.lockgate.config.model.AlertsConfig;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks a few times a minute whether somebody should be told of something. On a thread of its own;
 * it only reads counters, and never makes an event loop wait.
 */
public final class AlertWatch implements AutoCloseable {
  /** How often it looks. */
  public static final Duration PERIOD = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(AlertWatch.class);

  private final Clock clock;
  private final LevelSource levels;
  private final Supplier<List<Alert>> states;
  private final Silences silences;
  private final BurnRates burnRates;
  private final AlertBook book = new AlertBook();
  private final Webhook webhook = new Webhook();
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "lockgate-alerts");
            thread.setDaemon(true);
            return thread;
          });
  private AlertsConfig config;

  /**
   * @param states what is so now whatever the counters say, asked on the thread of this
   */
  public AlertWatch(
      AlertsConfig config, Clock clock, LevelSource levels, Supplier<List<Alert>> states) {
    this.config = config;
    this.clock = clock;
    this.levels = levels;
    this.states = states;
    this.silences = new Silences(clock);
    this.burnRates = new BurnRates(config, BurnRates.MOST_HOSTS);
    silences.follow(config.silences());
  }

  /** Looks from now on. */
  public void start() {
    long millis = PERIOD.toMillis();
    executor.scheduleAtFixedRate(this::look, millis, millis, TimeUnit.MILLISECONDS);
  }

  /** A configuration serves. */
  public synchronized void follow(AlertsConfig next) {
    if (!config.equals(next)) {
      config = next;
      burnRates.follow(next);
      silences.follow(next.silences());
    }
  }

  private void look() {
    try {
      evaluate();
    } catch (RuntimeException e) {
      // Thrown on, it would silently end all further runs.
      LOG.error("looking for alerts failed", e);
    }
  }

  /** Looks once. */
  synchronized void evaluate() {
    Instant now = clock.instant();
    List<Alert> alerts = new ArrayList<>();
    if (config.enabled()) {
      burnRates.observe(levels, now);
      alerts.addAll(burnRates.alerts());
      alerts.addAll(states.get());
    }
    book.update(alerts, silences.all().stream().filter(s -> s.active(now)).toList(), now);
    webhook.tell(config.webhook(), book.all(), now);
  }

  public Silences silences() {
    return silences;
  }

  /** As it stood when it looked last. */
  public synchronized AlertReport report() {
    List<ActiveAlert> alerts = book.all();
    return new AlertReport(
        clock.instant(),
        state(alerts),
        alerts.stream().map(AlertWatch::view).toList(),
        burnRates.standing().stream().map(AlertWatch::view).toList(),
        silences.all(),
        webhook.view(config.webhook()),
        burnRates.unwatched());
  }

  /** For metrics. */
  public synchronized void read(Readings readings) {
    for (ActiveAlert active : book.all()) {
      if (active.firing()) {
        readings.alert(active.alert(), active.silencedBy().isPresent());
      }
    }
    for (LevelStanding standing : burnRates.standing()) {
      if (standing.events().get(Window.SIX_HOURS).bad() > 0) {
        standing
            .events()
            .forEach(
                (window, events) ->
                    readings.burnRate(
                        standing.host(),
                        standing.level(),
                        window,
                        events.burnRate(standing.objective())));
      }
    }
    readings.notifications(webhook.sent(), webhook.failed());
  }

  /** Takes what is shown in metrics. */
  public interface Readings {
    /** An alert that fires. */
    void alert(Alert alert, boolean silenced);

    /** Of a host that had failures within six hours. */
    void burnRate(String host, ServiceLevel level, Window window, double rate);

    void notifications(long sent, long failed);
  }

  private static String state(List<ActiveAlert> alerts) {
    return alerts.stream()
        .filter(active -> active.firing() && active.silencedBy().isEmpty())
        .map(active -> active.alert().severity())
        .max(Severity::compareTo)
        .map(Severity::label)
        .orElse("ok");
  }

  private static AlertReport.AlertView view(ActiveAlert active) {
    Alert alert = active.alert();
    return new AlertReport.AlertView(
        alert.name(),
        alert.severity().label(),
        active.firing() ? "firing" : "resolved",
        alert.labels(),
        alert.summary(),
        alert.description(),
        active.startsAt(),
        active.endsAt(),
        active.silencedBy().map(Silence::id));
  }

  private static AlertReport.LevelView view(LevelStanding standing) {
    Map<String, AlertReport.WindowView> windows = new LinkedHashMap<>();
    for (Window window : Window.values()) {
      Events events = standing.events().get(window);
      windows.put(
          window.label(),
          new AlertReport.WindowView(
              events.all(),
              events.bad(),
              events.all() == 0 ? 1 : (double) events.good() / events.all(),
              events.burnRate(standing.objective())));
    }
    return new AlertReport.LevelView(
        standing.host(),
        standing.level().label(),
        standing.objective(),
        standing.severity().map(Severity::label).orElse("ok"),
        windows);
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
