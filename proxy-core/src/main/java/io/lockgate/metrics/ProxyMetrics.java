package io.lockgate.metrics;

/** Counters and histograms of the whole process, sharded per event loop and merged at scrape. */
public final class ProxyMetrics {
  // Skeleton.
}
