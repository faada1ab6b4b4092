package io.lockgate.accesslog;

import io.lockgate.exchange.ExchangeSummary;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Puts recorded exchanges into words, and gathers lines until there are enough for a write. On the
 * writer's thread.
 */
final class LinesOut implements RecordRing.Sink {
  private static final int BYTES = 256 * 1024;

  private final LineFormat format;
  private final AccessLogCounts counts;
  private final Consumer<ByteBuffer> target;
  private final Line line = new Line(Line.LONGEST);

  /** Outside the heap, from where the system takes it without a copy. */
  private final ByteBuffer lines = ByteBuffer.allocateDirect(BYTES);

  LinesOut(LineFormat format, AccessLogCounts counts, Consumer<ByteBuffer> target) {
    this.format = format;
    this.counts = counts;
    this.target = target;
  }

  @Override
  public void exchange(long epochMillis, ExchangeSummary summary) {
    line.begin();
    format.exchange(line, epochMillis, summary);
    if (line.overflowed()) {
      counts.lineDropped();
      return;
    }
    makeRoom(line.length());
    line.copyTo(lines);
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
