package io.lockgate.metrics;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is known of reloads. They are rare and come from any thread, so a lock is cheap here. */
final class ConfigurationMetrics implements MetricSource {
  private static final String REJECTED = "rejected";

  private final Map<String, Long> reloads = new LinkedHashMap<>();
  private long generation;
  private boolean accepted;
  private Instant acceptedAt = Instant.EPOCH;

  ConfigurationMetrics() {
    reloads.put("applied", 0L); // alert rules on rates need the zero before the first one
    reloads.put("unchanged", 0L);
    reloads.put(REJECTED, 0L);
  }

  synchronized void started(long newGeneration, Instant time) {
    generation = newGeneration;
    accepted = true;
    acceptedAt = time;
  }

  synchronized void reloaded(long newGeneration, Instant time, String result) {
    reloads.merge(result, 1L, Long::sum);
    generation = newGeneration;
    accepted = !result.equals(REJECTED);
    acceptedAt = accepted ? time : acceptedAt;
  }

  @Override
  public synchronized void read(Readings readings) {
    readings.value(Metric.CONFIG_GENERATION, generation);
    reloads.forEach((result, count) -> readings.value(Metric.CONFIG_RELOADS, count, result));
    readings.value(Metric.CONFIG_LAST_RELOAD_SUCCESSFUL, accepted ? 1 : 0);
    readings.value(Metric.CONFIG_LAST_RELOAD_SUCCESS, acceptedAt.toEpochMilli() / 1e3);
  }
}
