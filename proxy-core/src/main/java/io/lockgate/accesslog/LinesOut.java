package io.lockgate.accesslog;

import io.lockgate.exchange.ExchangeSummary;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts recorded exchanges into words, and gathers lines until there are enough for a write. On the
 * writer's thread.
 */
final class LinesOut implements RecordRing.Sink {
  private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);

  /** Few enough for the system to find them in the processor's cache; no line is longer. */
  private static final int BYTES = 2 * Line.LONGEST;

  private final LineFormat format;
  private final AccessLogCounts counts;
  private final Consumer<ByteBuffer> target;
  private final Line line = new Line(Line.LONGEST);

  /** Outside the heap, from where the system takes it without a copy. */
  private final ByteBuffer lines = ByteBuffer.allocateDirect(BYTES);

  private boolean complained;

  LinesOut(LineFormat format, AccessLogCounts counts, Consumer<ByteBuffer> target) {
    this.format = format;
    this.counts = counts;
    this.target = target;
  }

  @Override
  public void exchange(long epochMillis, ExchangeSummary summary) {
    line.begin();
    if (!worded(epochMillis, summary) || line.overflowed()) {
      counts.lineDropped();
      return;
    }
    makeRoom(line.length());
    line.copyTo(lines);
  }

  /** Thrown further, a mistake in one line would end all of them. */
  private boolean worded(long epochMillis, ExchangeSummary summary) {
    try {
      format.exchange(line, epochMillis, summary);
      return true;
    } catch (RuntimeException e) {
      if (!complained) {
        complained = true;
        LOG.error("a line of the access log cannot be made", e);
      }
      return false;
    }
  }

  @Override
  public void line(byte[] octets, int from, int to) {
    makeRoom(to - from);
    lines.put(octets, from, to - from);
  }

  private void makeRoom(int length) {
    if (lines.remaining() < length) {
      flush();
    }
  }

  /** Writes what there is; whole lines, whatever becomes of them. */
  void flush() {
    if (lines.position() > 0) {
      target.accept(lines.flip());
      lines.clear();
    }
  }
}
