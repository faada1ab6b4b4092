package io.lockgate.accesslog;

import io.lockgate.exchange.ExchangeSummary;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What is to be logged, on its way from one event loop to the writer, in segments that are used in
 * turn. An exchange is recorded in a quarter of the octets of its line, and the writer puts it into
 * words: whatever an event loop writes here, two processors have to fetch from each other. The
 * writer follows behind and reads what is published, also of the segment that is still being
 * filled, so that no record waits for a full one.
 *
 * <p>{@link #drainTo} belongs to the writer, everything else to the event loop.
 */
final class RecordRing {
  static final int SEGMENTS = 8;

  /** So many unwritten segments leave the writer time to come before records are lost. */
  private static final int MANY = SEGMENTS / 2;

  private final Runnable hurry;
  private final RecordSegment[] segments = new RecordSegment[SEGMENTS];

  /** Number of the segment being filled, and of the one being written; both only grow. */
  private final AtomicLong filling = new AtomicLong();

  private final AtomicLong writing = new AtomicLong();

  /** Of the event loop: where it writes. */
  private RecordSegment current = new RecordSegment();

  // Of the writer.
  private final RecordedExchange exchange = new RecordedExchange();
  private int written;
  private int referencesUsed;
  private int referencesForgotten;

  /**
   * @param hurry told on the event loop when so much waits that the writer should come before its
   *     time; must not block
   */
  RecordRing(Runnable hurry) {
    this.hurry = hurry;
    segments[0] = current;
  }

  /**
   * Publishes an exchange.
   *
   * @return false if the writer has left no room for it
   */
  boolean exchange(long epochMillis, ExchangeSummary summary) {
    if (!current.hasRoom(RecordedExchange.MOST_OCTETS) && !advance()) {
      return false;
    }
    current.append(epochMillis, summary);
    return true;
  }

  /**
   * Publishes a whole line.
   *
   * @return false if the writer has left no room for it
   */
  boolean line(Line line) {
    if (!current.hasRoom(RecordSegment.octetsOf(line)) && !advance()) {
      return false;
    }
    current.append(line);
    return true;
  }

  private boolean advance() {
    long next = filling.getPlain() + 1;
    long waiting = next - writing.getAcquire();
    if (waiting >= MANY) {
      hurry.run();
    }
    if (waiting >= SEGMENTS) {
      return false;
    }
    int slot = slot(next);
    if (segments[slot] == null) {
      segments[slot] = new RecordSegment();
    }
    current = segments[slot];
    current.begin();
    filling.setRelease(next);
    return true;
  }

  /**
   * Hands everything published to {@code sink}, in the order in which it came.
   *
   * @return whether there was anything
   */
  boolean drainTo(Sink sink) {
    boolean any = false;
    while (true) {
      long number = writing.getPlain();
      // Read before what is published: a segment that was left gets no more records.
      boolean left = filling.getAcquire() > number;
      RecordSegment segment = segments[slot(number)];
      int until = segment.published();
      any |= until > written;
      while (written < until) {
        hand(segment, sink);
      }
      segment.forget(referencesForgotten, referencesUsed);
      referencesForgotten = referencesUsed;
      if (!left) {
        return any;
      }
      written = 0;
      referencesUsed = 0;
      referencesForgotten = 0;
      writing.setRelease(number + 1);
    }
  }

  private void hand(RecordSegment segment, Sink sink) {
    int record = written;
    written = segment.after(record); // Whatever becomes of it, the next one stands there.
    if (segment.isLine(record)) {
      sink.line(segment.octets(), segment.textAt(record), segment.textEnd(record));
    } else {
      exchange.stand(segment, record, referencesUsed);
      referencesUsed += RecordedExchange.REFERENCES;
      sink.exchange(exchange.epochMillis(), exchange);
    }
  }

  private static int slot(long segment) {
    return (int) (segment % SEGMENTS);
  }

  /** Where records go. What it is shown is valid during the call only. */
  interface Sink {
    void exchange(long epochMillis, ExchangeSummary summary);

    void line(byte[] octets, int from, int to);
  }
}
