package io.lockgate.accesslog;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes of whole lines on their way from one event loop to the writer, in segments that are used in
 * turn. The loop appends to the newest segment; the writer follows behind and reads what is
 * published, also of the segment that is still being filled, so a line neither waits for a full
 * segment nor is copied on the way.
 *
 * <p>{@link #drainTo} belongs to the writer, everything else to the event loop.
 */
final class LineRing {
  static final int SEGMENT_BYTES = 64 * 1024;
  static final int SEGMENTS = 16;

  /** So many unwritten segments leave the writer time to come before lines are lost. */
  private static final int MANY = SEGMENTS / 2;

  private final byte[][] segments = new byte[SEGMENTS][];

  /** For each segment, how much of it holds whole lines. */
  private final AtomicIntegerArray published = new AtomicIntegerArray(SEGMENTS);

  /** Number of the segment being filled, and of the one being written; both only grow. */
  private final AtomicLong filling = new AtomicLong();

  private final AtomicLong writing = new AtomicLong();

  // Of the event loop.
  private final Line line = new Line();
  private int end;

  // Of the writer.
  private int written;

  LineRing() {
    segments[0] = new byte[SEGMENT_BYTES];
  }

  /** The line being formatted. */
  Line line() {
    return line;
  }

  void begin() {
    line.begin(segments[slot(filling.getPlain())], end);
  }

  /**
   * Goes on to the next segment.
   *
   * @return false if the writer has not finished with it yet
   */
  boolean advance() {
    long next = filling.getPlain() + 1;
    if (next - writing.getAcquire() >= SEGMENTS) {
      return false;
    }
    int slot = slot(next);
    if (segments[slot] == null) {
      segments[slot] = new byte[SEGMENT_BYTES];
    }
    published.setPlain(slot, 0);
    end = 0;
    filling.setRelease(next);
    return true;
  }

  /** Whether so much waits for the writer that it should come before its time. */
  boolean fills() {
    return filling.getPlain() - writing.getAcquire() >= MANY;
  }

  /**
   * Publishes the line, unless it did not fit.
   *
   * @return whether there is something to write
   */
  boolean commit() {
    if (line.overflowed()) {
      return false;
    }
    end = line.end();
    // A full fence: the event loop looks next at whether the writer sleeps.
    published.set(slot(filling.getPlain()), end);
    return true;
  }

  /** By the writer: whether nothing waits. */
  boolean isEmpty() {
    long segment = writing.getPlain();
    return filling.get() == segment && published.get(slot(segment)) == written;
  }

  /**
   * Hands everything published to {@code sink}, whole lines at a time.
   *
   * @return whether there was anything
   */
  boolean drainTo(Sink sink) {
    boolean any = false;
    while (true) {
      long segment = writing.getPlain();
      // Read before what is published: a segment that was left gets no more lines.
      boolean left = filling.getAcquire() > segment;
      int slot = slot(segment);
      int until = published.getAcquire(slot);
      if (until > written) {
        sink.write(segments[slot], written, until - written);
        written = until;
        any = true;
      }
      if (!left) {
        return any;
      }
      written = 0;
      writing.setRelease(segment + 1);
    }
  }

  private static int slot(long segment) {
    return (int) (segment % SEGMENTS);
  }

  /** Where lines go. */
  @FunctionalInterface
  interface Sink {
    void write(byte[] bytes, int offset, int length);
  }
}
