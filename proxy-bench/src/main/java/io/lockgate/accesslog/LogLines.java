package io.lockgate.accesslog;

import io.lockgate.config.model.AccessLogConfig.Format;
import io.lockgate.exchange.ExchangeSummary;

/**
 * Lets benchmarks at what an event loop and the writer do for a line, both on one thread and
 * without a file: a loop that does nothing but log would find no room after a while.
 */
public final class LogLines implements RecordRing.Sink {
  private final RecordRing ring = new RecordRing(() -> {});
  private final Line line = new Line(Line.LONGEST);
  private final LineFormat format;
  private int octets;

  public LogLines(Format format) {
    this.format = LineFormat.of(format);
  }

  /** What an event loop does. */
  public void record(long epochMillis, ExchangeSummary summary) {
    if (!ring.exchange(epochMillis, summary)) {
      throw new IllegalStateException("too many since they were written");
    }
  }

  /** What the writer does; answers how many octets the lines have. */
  public int write() {
    octets = 0;
    ring.drainTo(this);
    return octets;
  }

  @Override
  public void exchange(long epochMillis, ExchangeSummary summary) {
    line.begin();
    format.exchange(line, epochMillis, summary);
    octets += line.length();
  }

  @Override
  public void line(byte[] octets, int from, int to) {
    throw new AssertionError("nobody records lines here");
  }
}
