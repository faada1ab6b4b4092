package io.lockgate.metrics;

/** A part whose values are read when somebody asks. Called on the thread of the scrape. */
@FunctionalInterface
public interface MetricSource {
  void read(Readings readings);

  /** The few values that {@link ProxyMetrics#glance} is for; most parts have none of them. */
  default void glance(Readings readings) {}
}
