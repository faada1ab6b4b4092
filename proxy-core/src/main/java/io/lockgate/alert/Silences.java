package io.lockgate.alert;

import io.lockgate.config.model.AlertsConfig.SilenceConfig;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which alerts nobody wants to hear of now: as configured, and as asked for while the daemon runs.
 * The latter end by themselves, are bounded in number and length, and do not outlive the process.
 * Safe for several threads.
 */
public final class Silences {
  public static final int MOST = 1_000;
  public static final Duration LONGEST = Duration.ofDays(30);

  private final Clock clock;
  private final List<Silence> asked = new ArrayList<>();
  private List<Silence> configured = List.of();
  private long lastId;

  Silences(Clock clock) {
    this.clock = clock;
  }

  synchronized void follow(List<SilenceConfig> configs) {
    List<Silence> next = new ArrayList<>();
    for (SilenceConfig config : configs) {
      next.add(
          new Silence(
              "config-" + (next.size() + 1),
              new TreeMap<>(config.match()),
              config.from(),
              config.until(),
              config.comment(),
              true));
    }
    configured = List.copyOf(next);
  }

  /**
   * From now on, for so long.
   *
   * @return empty where there are too many already
   */
  public synchronized Optional<Silence> add(
      Map<String, String> match, Duration length, String comment) {
    Instant now = clock.instant();
    forgetEnded(now);
    if (asked.size() >= MOST) {
      return Optional.empty();
    }
    lastId++;
    Silence silence =
        new Silence(
            "s" + lastId,
            new TreeMap<>(match),
            now,
            now.plus(length.compareTo(LONGEST) > 0 ? LONGEST : length),
            comment,
            false);
    asked.add(silence);
    return Optional.of(silence);
  }

  /**
   * Ends one that was asked for.
   *
   * @return whether there is such a one
   */
  public synchronized boolean end(String id) {
    return asked.removeIf(silence -> silence.id().equals(id));
  }

  /** Those that count now or will. */
  public synchronized List<Silence> all() {
    Instant now = clock.instant();
    forgetEnded(now);
    List<Silence> all = new ArrayList<>(asked);
    configured.stream().filter(silence -> now.isBefore(silence.endsAt())).forEach(all::add);
    return all;
  }

  private void forgetEnded(Instant now) {
    asked.removeIf(silence -> !now.isBefore(silence.endsAt()));
  }
}
