package io.lockgate.accesslog;

import io.lockgate.exchange.ExchangeSummary;
import io.lockgate.exchange.ExchangeSummary.ClientProtocol;
import io.lockgate.relay.RelaySummary;
import io.lockgate.tls.HandshakeFailure;
import io.lockgate.tls.TlsFacts;

/**
 * One JSON object a line with names of the Elastic Common Schema, version 8, written with dots;
 * what does not apply is left out. What the schema has no name for stands under {@code lockgate.}.
 * Durations are in nanoseconds, as the schema wants them.
 */
final class EcsFormat implements LineFormat {
  private static final byte[] TIME = Line.ascii("{\"@timestamp\":\"");
  private static final byte[] ACCESS =
      Line.ascii("\",\"ecs.version\":\"8.11.0\",\"event.dataset\":\"lockgate.access\"");
  private static final byte[] HANDSHAKE =
      Line.ascii(
          "\",\"ecs.version\":\"8.11.0\",\"event.dataset\":\"lockgate.handshake\","
              + "\"event.action\":\"handshake_failed\"");
  private static final byte[] SUCCESS = Line.ascii(",\"event.outcome\":\"success\"");
  private static final byte[] FAILURE = Line.ascii(",\"event.outcome\":\"failure\"");
  private static final byte[] DURATION = Line.ascii(",\"event.duration\":");
  private static final byte[] REASON = Line.ascii(",\"event.reason\":\"");
  private static final byte[] CLIENT = Line.ascii(",\"client.address\":\"");
  private static final byte[] CLIENT_IP = Line.ascii(",\"client.ip\":\"");
  private static final byte[] LISTENER = Line.ascii(",\"lockgate.listener\":\"");
  private static final byte[] HOST = Line.ascii(",\"lockgate.host\":\"");
  private static final byte[] UPSTREAM = Line.ascii(",\"lockgate.upstream\":\"");
  private static final byte[] SERVER = Line.ascii(",\"lockgate.server\":\"");
  private static final byte[] UPSTREAM_NANOS = Line.ascii(",\"lockgate.upstream_duration\":");
  private static final byte[] RETRIES = Line.ascii(",\"lockgate.retries\":");
  private static final byte[] PROTOCOL = Line.ascii(",\"network.protocol\":\"");
  private static final byte[] HTTP_1_1 =
      Line.ascii(",\"network.protocol\":\"http\",\"http.version\":\"1.1\"");
  private static final byte[] HTTP_2 =
      Line.ascii(",\"network.protocol\":\"http\",\"http.version\":\"2\"");
  private static final byte[] METHOD = Line.ascii(",\"http.request.method\":\"");
  private static final byte[] TARGET = Line.ascii(",\"url.original\":\"");
  private static final byte[] STATUS = Line.ascii(",\"http.response.status_code\":");
  private static final byte[] BODY_IN = Line.ascii(",\"http.request.body.bytes\":");
  private static final byte[] BODY_OUT = Line.ascii(",\"http.response.body.bytes\":");
  private static final byte[] BYTES_IN = Line.ascii(",\"client.bytes\":");
  private static final byte[] BYTES_OUT = Line.ascii(",\"server.bytes\":");
  private static final byte[] REQUEST_ID = Line.ascii(",\"http.request.id\":\"");
  private static final byte[] REFERER = Line.ascii(",\"http.request.referrer\":\"");
  private static final byte[] USER_AGENT = Line.ascii(",\"user_agent.original\":\"");
  private static final byte[] TLS_1_2 =
      Line.ascii(",\"tls.version_protocol\":\"tls\",\"tls.version\":\"1.2\"");
  private static final byte[] TLS_1_3 =
      Line.ascii(",\"tls.version_protocol\":\"tls\",\"tls.version\":\"1.3\"");
  private static final byte[] CIPHER = Line.ascii(",\"tls.cipher\":\"");
  private static final byte[] CURVE = Line.ascii(",\"tls.curve\":\"");
  private static final byte[] RESUMED = Line.ascii(",\"tls.resumed\":true");
  private static final byte[] FULL = Line.ascii(",\"tls.resumed\":false");
  private static final byte[] SNI = Line.ascii(",\"tls.client.server_name\":\"");
  private static final byte[] SUBJECT = Line.ascii(",\"tls.client.subject\":\"");
  private static final byte[] ERROR = Line.ascii(",\"error.type\":\"");
  private static final byte[] END = Line.ascii("}\n");
  private static final int BAD_REQUEST = 400;
  private static final int SERVER_ERROR = 500;

  private final SecondText second = new SecondText("yyyy-MM-dd'T'HH:mm:ss");
  private final TlsFields tlsFields = new TlsFields((line, tls) -> tls(line, tls, tls.sni()));

  @Override
  public void exchange(Line line, long epochMillis, ExchangeSummary summary) {
    begin(line, epochMillis, ACCESS);
    boolean good = summary.status() < SERVER_ERROR && summary.error().isEmpty();
    line.put(good ? SUCCESS : FAILURE).put(DURATION).put(Math.max(0, summary.durationNanos()));
    client(line, summary.clientAddress(), summary.listener());
    text(line, HOST, summary.host(), MOST_NAME);
    line.put(version(summary.protocol()));
    octets(line, METHOD, summary.methodText(), MOST_NAME);
    octets(line, TARGET, summary.target(), MOST_TARGET);
    line.put(STATUS).put(summary.status());
    line.put(BODY_IN).put(summary.requestBytes()).put(BODY_OUT).put(summary.responseBytes());
    upstream(line, summary.upstream(), summary.server(), summary.upstreamNanos());
    line.put(RETRIES).put(summary.retries());
    tlsFields.write(line, summary.tls());
    octets(line, REQUEST_ID, summary.requestId(), MOST_NAME);
    octets(line, USER_AGENT, summary.userAgent(), MOST_FIELD);
    octets(line, REFERER, summary.referer(), MOST_FIELD);
    text(line, ERROR, summary.error(), MOST_NAME);
    line.put(END);
  }

  @Override
  public void relay(Line line, long epochMillis, RelaySummary summary) {
    begin(line, epochMillis, ACCESS);
    line.put(summary.good() ? SUCCESS : FAILURE);
    line.put(DURATION).put(Math.max(0, summary.durationNanos()));
    client(line, summary.clientAddress(), summary.listener());
    text(line, HOST, summary.host(), MOST_NAME);
    text(line, PROTOCOL, summary.mode(), MOST_NAME);
    line.put(BYTES_IN).put(summary.bytesIn()).put(BYTES_OUT).put(summary.bytesOut());
    upstream(line, summary.upstream(), summary.server(), summary.connectNanos());
    tls(line, summary.tls(), summary.sni());
    text(line, ERROR, summary.good() ? "" : summary.result(), MOST_NAME);
    line.put(END);
  }

  @Override
  public void rejection(
      Line line, long epochMillis, String listener, String client, String reason) {
    begin(line, epochMillis, ACCESS);
    line.put(FAILURE);
    client(line, client, listener);
    line.put(STATUS).put(BAD_REQUEST);
    text(line, ERROR, reason, MOST_NAME);
    line.put(END);
  }

  @Override
  public boolean hasHandshakes() {
    return true;
  }

  @Override
  public void handshake(
      Line line,
      long epochMillis,
      String listener,
      String host,
      HandshakeFailure failure,
      String client,
      String detail) {
    begin(line, epochMillis, HANDSHAKE);
    line.put(FAILURE);
    client(line, client, listener);
    text(line, HOST, host, MOST_NAME);
    text(line, ERROR, failure.label(), MOST_NAME);
    text(line, REASON, detail, MOST_FIELD);
    line.put(END);
  }

  private void begin(Line line, long epochMillis, byte[] dataset) {
    line.put(TIME).put(second.of(epochMillis));
    line.decimals(second.millisOf(epochMillis)).put('Z').put(dataset);
  }

  private static void client(Line line, String address, String listener) {
    text(line, CLIENT, address, MOST_NAME);
    if (isAddress(address)) {
      text(line, CLIENT_IP, address, MOST_NAME);
    }
    text(line, LISTENER, listener, MOST_NAME);
  }

  /** A store that indexes the field as an address refuses the whole line for anything else. */
  private static boolean isAddress(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '.' && c != ':' && Character.digit(c, 16) < 0) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  private static byte[] version(ClientProtocol protocol) {
    return switch (protocol) {
      case H1 -> HTTP_1_1;
      case H2 -> HTTP_2;
    };
  }

  private static void upstream(Line line, String upstream, String server, long nanos) {
    text(line, UPSTREAM, upstream, MOST_NAME);
    text(line, SERVER, server, MOST_NAME);
    if (!upstream.isEmpty()) {
      line.put(UPSTREAM_NANOS).put(Math.max(0, nanos));
    }
  }

  private static void tls(Line line, TlsFacts tls, String sni) {
    if (tls.present()) {
      line.put(tls.version().equals("TLSv1.2") ? TLS_1_2 : TLS_1_3);
      text(line, CIPHER, tls.cipher(), MOST_NAME);
      text(line, CURVE, tls.group(), MOST_NAME);
      line.put(tls.resumption() == TlsFacts.Resumption.FULL ? FULL : RESUMED);
      text(line, SUBJECT, tls.clientSubject(), MOST_FIELD);
    }
    text(line, SNI, sni, MOST_NAME);
  }

  private static void text(Line line, byte[] name, String value, int most) {
    if (!value.isEmpty()) {
      line.put(name).json(value, most).put('"');
    }
  }

  private static void octets(Line line, byte[] name, String value, int most) {
    if (!value.isEmpty()) {
      line.put(name).octets(value, most).put('"');
    }
  }
}
