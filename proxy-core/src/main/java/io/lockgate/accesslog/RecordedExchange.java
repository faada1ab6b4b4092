package io.lockgate.accesslog;

import io.lockgate.exchange.ExchangeSummary;
import io.lockgate.http.Method;
import io.lockgate.http.OctetSink;
import io.lockgate.tls.TlsFacts;
import java.nio.charset.StandardCharsets;

/**
 * An exchange as it stands in a {@link RecordSegment}: a view that the writer moves from record to
 * record. A record is a head of eight numbers, and the texts that its client has sent, cut one
 * octet behind what a line shows of them.
 */
final class RecordedExchange implements ExchangeSummary {
  // Offsets into the head. At its beginning stand length, status and protocol.
  static final int MILLIS = 8;
  static final int DURATION = 16;
  static final int UPSTREAM_TIME = 24;
  static final int BYTES_IN = 32;
  static final int BYTES_OUT = 40;
  static final int TEXT_LENGTHS = 48;
  static final int RETRIES = 56;
  static final int HEAD = 64;

  // References of a record.
  static final int LISTENER = 0;
  static final int HOST = 1;
  static final int METHOD = 2;
  static final int UPSTREAM = 3;
  static final int SERVER = 4;
  static final int TLS = 5;
  static final int CLIENT = 6;
  static final int ERROR = 7;
  static final int REFERENCES = 8;

  /** The longest record. */
  static final int MOST_OCTETS =
      HEAD
          + (LineFormat.MOST_TARGET + LineFormat.MOST_NAME + 2 * LineFormat.MOST_FIELD)
          + Text.values().length
          + Long.BYTES;

  private static final ClientProtocol[] PROTOCOLS = ClientProtocol.values();

  private RecordSegment segment;
  private int start;
  private int references;

  private int refererEnd;
  private int userAgentEnd;
  private int requestIdEnd;
  private int targetEnd;

  /** Shows this record from now on. */
  void stand(RecordSegment in, int record, int firstReference) {
    segment = in;
    start = record;
    references = firstReference;
    long lengths = in.number(record + TEXT_LENGTHS);
    refererEnd = record + HEAD + (int) (lengths >>> (3 * Short.SIZE));
    userAgentEnd = refererEnd + (int) ((lengths >>> (2 * Short.SIZE)) & 0xffff);
    requestIdEnd = userAgentEnd + (int) ((lengths >>> Short.SIZE) & 0xffff);
    targetEnd = requestIdEnd + (int) (lengths & 0xffff);
  }

  long epochMillis() {
    return segment.number(start + MILLIS);
  }

  @Override
  public String listener() {
    return (String) segment.reference(references + LISTENER);
  }

  @Override
  public String host() {
    return (String) segment.reference(references + HOST);
  }

  @Override
  public ClientProtocol protocol() {
    return PROTOCOLS[segment.kind(start)];
  }

  @Override
  public Method method() {
    byte[] text = methodText().getBytes(StandardCharsets.ISO_8859_1);
    return Method.of(text, 0, text.length);
  }

  @Override
  public String methodText() {
    return (String) segment.reference(references + METHOD);
  }

  @Override
  public String target() {
    return text(requestIdEnd, targetEnd);
  }

  @Override
  public int status() {
    return segment.status(start);
  }

  @Override
  public long requestBytes() {
    return segment.number(start + BYTES_IN);
  }

  @Override
  public long responseBytes() {
    return segment.number(start + BYTES_OUT);
  }

  @Override
  public long durationNanos() {
    return segment.number(start + DURATION);
  }

  @Override
  public String upstream() {
    return (String) segment.reference(references + UPSTREAM);
  }

  @Override
  public String server() {
    return (String) segment.reference(references + SERVER);
  }

  @Override
  public long upstreamNanos() {
    return segment.number(start + UPSTREAM_TIME);
  }

  @Override
  public int retries() {
    return (int) segment.number(start + RETRIES);
  }

  @Override
  public TlsFacts tls() {
    return (TlsFacts) segment.reference(references + TLS);
  }

  @Override
  public String clientAddress() {
    return (String) segment.reference(references + CLIENT);
  }

  @Override
  public String requestId() {
    return text(userAgentEnd, requestIdEnd);
  }

  @Override
  public String userAgent() {
    return text(refererEnd, userAgentEnd);
  }

  @Override
  public String referer() {
    return text(start + HEAD, refererEnd);
  }

  private String text(int from, int to) {
    return new String(segment.octets(), from, to - from, StandardCharsets.ISO_8859_1);
  }

  @Override
  public void show(Text text, OctetSink sink) {
    byte[] octets = segment.octets();
    switch (text) {
      case TARGET -> sink.octets(octets, requestIdEnd, targetEnd);
      case REQUEST_ID -> sink.octets(octets, userAgentEnd, requestIdEnd);
      case USER_AGENT -> sink.octets(octets, refererEnd, userAgentEnd);
      case REFERER -> sink.octets(octets, start + HEAD, refererEnd);
    }
  }

  @Override
  public String error() {
    return (String) segment.reference(references + ERROR);
  }
}
