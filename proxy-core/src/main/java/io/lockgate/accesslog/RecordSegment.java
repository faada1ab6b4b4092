package io.lockgate.accesslog;

import io.lockgate.exchange.ExchangeSummary;
import io.lockgate.exchange.ExchangeSummary.Text;
import io.lockgate.http.OctetSink;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A part of a {@link RecordRing}: records one behind the other. Numbers and what clients have sent
 * are octets; what lives longer than an exchange (names, addresses, what was agreed on by TLS) is
 * referred to. {@link RecordedExchange} has the layout. A record is read by another thread than it
 * was written by, and not before it is published.
 */
final class RecordSegment implements OctetSink {
  static final int BYTES = 128 * 1024;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  // The first number of a record: its kind (the protocol of an exchange, or that it is a line),
  // retries, status, and its length.
  private static final int KIND = 56;
  private static final int RETRIES = 40;
  private static final int STATUS = 24;
  private static final int MOST_LENGTH = 0xff_ffff;
  private static final int MOST_SHORT = 0xffff;
  private static final long LINE = 0xff;

  private final byte[] octets = new byte[BYTES];
  private final Object[] references =
      new Object[BYTES / RecordedExchange.HEAD * RecordedExchange.REFERENCES];

  /** How much of it holds whole records. */
  private final AtomicInteger published = new AtomicInteger();

  // Of the event loop.
  private int end;
  private int referencesEnd;
  private int at;
  private int most;
  private long lengths;

  /** From the beginning, after the writer has left it. */
  void begin() {
    end = 0;
    referencesEnd = 0;
    published.setPlain(0);
  }

  boolean hasRoom(int more) {
    return more <= BYTES - end;
  }

  /** There is room for it. */
  void append(long epochMillis, ExchangeSummary summary) {
    int start = end;
    at = start + RecordedExchange.HEAD;
    lengths = 0;
    show(summary, Text.TARGET, LineFormat.MOST_TARGET);
    show(summary, Text.REQUEST_ID, LineFormat.MOST_NAME);
    show(summary, Text.USER_AGENT, LineFormat.MOST_FIELD);
    show(summary, Text.REFERER, LineFormat.MOST_FIELD);
    LONG.set(octets, start + RecordedExchange.MILLIS, epochMillis);
    LONG.set(octets, start + RecordedExchange.DURATION, summary.durationNanos());
    LONG.set(octets, start + RecordedExchange.UPSTREAM_TIME, summary.upstreamNanos());
    LONG.set(octets, start + RecordedExchange.BYTES_IN, summary.requestBytes());
    LONG.set(octets, start + RecordedExchange.BYTES_OUT, summary.responseBytes());
    LONG.set(octets, start + RecordedExchange.TEXT_LENGTHS, lengths);
    refer(summary);
    finish(
        start,
        ((long) summary.protocol().ordinal() << KIND)
            | ((long) Math.min(summary.retries(), MOST_SHORT) << RETRIES)
            | ((long) (summary.status() & MOST_SHORT) << STATUS));
  }

  private void show(ExchangeSummary summary, Text text, int mostOctets) {
    most = mostOctets + 1; // So that the format sees that there is more, and says so.
    summary.show(text, this);
  }

  @Override
  public void octets(byte[] source, int start, int end) {
    int length = Math.min(end - start, most);
    System.arraycopy(source, start, octets, at, length);
    at += length;
    lengths = (lengths << Short.SIZE) | length;
  }

  private void refer(ExchangeSummary summary) {
    Object[] into = references;
    int to = referencesEnd;
    into[to + RecordedExchange.LISTENER] = summary.listener();
    into[to + RecordedExchange.HOST] = summary.host();
    into[to + RecordedExchange.METHOD] = shortened(summary.methodText());
    into[to + RecordedExchange.UPSTREAM] = summary.upstream();
    into[to + RecordedExchange.SERVER] = summary.server();
    into[to + RecordedExchange.TLS] = summary.tls();
    into[to + RecordedExchange.CLIENT] = summary.clientAddress();
    into[to + RecordedExchange.ERROR] = summary.error();
    referencesEnd = to + RecordedExchange.REFERENCES;
  }

  /** Methods are what clients say, and nobody needs more of one than a line shows. */
  private static String shortened(String method) {
    return method.length() <= LineFormat.MOST_NAME
        ? method
        : method.substring(0, LineFormat.MOST_NAME + 1);
  }

  /** There is room for it. */
  void append(Line line) {
    int start = end;
    line.copyTo(octets, start + Long.BYTES);
    at = start + Long.BYTES + line.length();
    finish(start, LINE << KIND);
  }

  private void finish(int start, long withoutLength) {
    LONG.set(octets, start, withoutLength | (at - start));
    end = aligned(at);
    published.setRelease(end);
  }

  static int octetsOf(Line line) {
    return aligned(Long.BYTES + line.length());
  }

  private static int aligned(int octets) {
    return (octets + Long.BYTES - 1) & -Long.BYTES;
  }

  // The rest is for the writer.

  int published() {
    return published.getAcquire();
  }

  byte[] octets() {
    return octets;
  }

  Object reference(int index) {
    return references[index];
  }

  long number(int index) {
    return (long) LONG.get(octets, index);
  }

  boolean isLine(int record) {
    return kind(record) == LINE;
  }

  int kind(int record) {
    return (int) (number(record) >>> KIND);
  }

  int status(int record) {
    return (int) (number(record) >>> STATUS) & MOST_SHORT;
  }

  int retries(int record) {
    return (int) (number(record) >>> RETRIES) & MOST_SHORT;
  }

  int textAt(int line) {
    return line + Long.BYTES;
  }

  int textEnd(int record) {
    return record + ((int) number(record) & MOST_LENGTH);
  }

  /** Where the next record begins. */
  int after(int record) {
    return aligned(textEnd(record));
  }

  /** Refers no more to what was written, lest it keeps what has long gone. */
  void forget(int fromReference, int toReference) {
    Arrays.fill(references, fromReference, toReference, null);
  }
}
