package io.lockgate.accesslog;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes of whole lines on their way from one event loop to the writer, in segments that are used in
 * turn. A line is made in a small array that stays in the processor's cache, and copied behind the
 * others of the newest segment when it is whole; the writer follows behind and reads what is
 * published, also of the segment that is still being filled, so that no line waits for a full one.
 * Segments are outside the heap, from where the system takes them without a copy, and so large that
 * one write carries some hundred lines.
 *
 * <p>{@link #drainTo} belongs to the writer, everything else to the event loop.
 */
final class LineRing {
  static final int SEGMENT_BYTES = 256 * 1024;
  static final int SEGMENTS = 4;

  /** Of one line; formats cut values so that any fits. */
  static final int LINE_BYTES = 64 * 1024;

  /** So many unwritten segments leave the writer time to come before lines are lost. */
  private static final int MANY = SEGMENTS / 2;

  private final ByteBuffer[] segments = new ByteBuffer[SEGMENTS];

  /** For each segment, how much of it holds whole lines. */
  private final AtomicIntegerArray published = new AtomicIntegerArray(SEGMENTS);

  /** Number of the segment being filled, and of the one being written; both only grow. */
  private final AtomicLong filling = new AtomicLong();

  private final AtomicLong writing = new AtomicLong();

  // Of the event loop.
  private final Line line = new Line(LINE_BYTES);
  private int end;

  // Of the writer.
  private int written;

  LineRing() {
    segments[0] = ByteBuffer.allocateDirect(SEGMENT_BYTES);
  }

  /** The line being formatted. */
  Line line() {
    return line;
  }

  /** Whether the line fits behind those of its segment. */
  boolean fits() {
    return line.length() <= SEGMENT_BYTES - end;
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
      segments[slot] = ByteBuffer.allocateDirect(SEGMENT_BYTES);
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

  /** Publishes the line, which {@link #fits}. */
  void commit() {
    int slot = slot(filling.getPlain());
    line.copyTo(segments[slot], end);
    end += line.length();
    published.setRelease(slot, end);
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
        sink.write(segments[slot].duplicate().limit(until).position(written));
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
    void write(ByteBuffer lines);
  }
}
