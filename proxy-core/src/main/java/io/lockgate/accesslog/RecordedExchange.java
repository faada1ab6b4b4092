package io.lockgate.accesslog;

import io.lockgate.exchange.ExchangeSummary;
import io.lockgate.http.Method;
import io.lockgate.http.OctetSink;
import io.lockgate.tls.TlsFacts;
import java.nio.charset.StandardCharsets;

/**
 * An exchange as it stands in a {@link RecordSegment}: a view that the writer moves from record to
 * record. A record is a head of seven numbers, and the texts that its client has sent in the order
 * of {@link Text}, cut one octet behind what a line shows of them.
 */
final class RecordedExchange implements ExchangeSummary {
  // Offsets into the head. At its beginning stand protocol, retries, status and length.
  static final int MILLIS = 8;
  static final int DURATION = 16;
  static final int UPSTREAM_TIME = 24;
  static final int BYTES_IN = 32;
  static final int BYTES_OUT = 40;
  static final int TEXT_LENGTHS = 48;
  static final int HEAD = 56;

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
  private static final int TEXTS = Text.values().length;

  private RecordSegment segment;
  private int start;
  private int references;

  /** Where each text begins, and where the last one ends. */
  private final int[] bounds = new int[TEXTS + 1];

  /** Shows this record from now on. */
  void stand(RecordSegment in, int record, int firstReference) {
    segment = in;
    start = record;
    references = firstReference;
    long lengths = in.number(record + TEXT_LENGTHS);
    bounds[0] = record + HEAD;
    for (int text = 0; text < TEXTS; text++) {
      int length = (int) (lengths >>> ((TEXTS - 1 - text) * Short.SIZE)) & 0xffff;
      bounds[text + 1] = bounds[text] + length;
    }
  }

  /** Whether none of its texts needs escaping in JSON: looked at together, they cost the least. */
  boolean isPlain() {
    return Line.isPlain(segment.octets(), bounds[0], bounds[TEXTS]);
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
    return text(Text.TARGET);
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
    return segment.retries(start);
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
    return text(Text.REQUEST_ID);
  }

  @Override
  public String userAgent() {
    return text(Text.USER_AGENT);
  }

  @Override
  public String referer() {
    return text(Text.REFERER);
  }

  private String text(Text text) {
    int from = bounds[text.ordinal()];
    int length = bounds[text.ordinal() + 1] - from;
    return new String(segment.octets(), from, length, StandardCharsets.ISO_8859_1);
  }

  @Override
  public void show(Text text, OctetSink sink) {
    int at = text.ordinal();
    sink.octets(segment.octets(), bounds[at], bounds[at + 1]);
  }

  @Override
  public String error() {
    return (String) segment.reference(references + ERROR);
  }
}
