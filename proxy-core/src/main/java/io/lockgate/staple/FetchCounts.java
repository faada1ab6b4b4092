package io.lockgate.staple;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Fetches by certificate and result. Safe for use by many threads. */
final class FetchCounts {
  private final Map<Labels, LongAdder> counts = new ConcurrentHashMap<>();

  void count(String certificate, String result) {
    counts.computeIfAbsent(new Labels(certificate, result), unseen -> new LongAdder()).increment();
  }

  void forEach(Stapling.FetchCountReader reader) {
    counts.forEach(
        (labels, count) -> reader.read(labels.certificate(), labels.result(), count.sum()));
  }

  private record Labels(String certificate, String result) {}
}
