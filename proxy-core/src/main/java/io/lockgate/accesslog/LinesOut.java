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

  /** Gathered on the heap: few enough for the processor's nearest cache. */
  private static final int GATHERED = 8 * 1024;

  /** There is always room for one more line. */
  private static final int MOST_GATHERED = GATHERED + Line.LONGEST;

  /** A write; the more at once, the less each page of the file costs the system. */
  private static final int WRITTEN = 8 * Line.LONGEST;

  private final LineFormat format;
  private final AccessLogCounts counts;
  private final Consumer<ByteBuffer> target;
  private final Line lines = new Line(MOST_GATHERED);

  /** Outside the heap, from where the system takes it without a copy. */
  private final ByteBuffer leaving = ByteBuffer.allocateDirect(WRITTEN);

  private boolean complained;

  LinesOut(LineFormat format, AccessLogCounts counts, Consumer<ByteBuffer> target) {
    this.format = format;
    this.counts = counts;
    this.target = target;
  }

  @Override
  public void exchange(long epochMillis, ExchangeSummary summary) {
    if (!worded(epochMillis, summary) || lines.overflowed()) {
      lines.again();
      counts.lineDropped();
      return;
    }
    end();
  }

  /** Thrown further, a mistake in one line would end all of them. */
  private boolean worded(long epochMillis, ExchangeSummary summary) {
    try {
      format.exchange(lines, epochMillis, summary);
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
    lines.put(octets, from, to - from);
    end();
  }

  private void end() {
    lines.next();
    if (lines.lengthOfAll() >= GATHERED) {
      hand();
    }
  }

  private void hand() {
    if (leaving.remaining() < lines.lengthOfAll()) {
      write();
    }
    lines.copyAllTo(leaving);
    lines.begin();
  }

  private void write() {
    target.accept(leaving.flip());
    leaving.clear();
  }

  /** Writes what there is; whole lines, whatever becomes of them. */
  void flush() {
    hand();
    if (leaving.position() > 0) {
      write();
    }
  }
}
