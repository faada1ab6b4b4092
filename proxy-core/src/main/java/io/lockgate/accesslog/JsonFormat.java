package io.lockgate.accesslog;

import io.lockgate.exchange.ExchangeSummary;
import io.lockgate.exchange.ExchangeSummary.Text;
import io.lockgate.relay.RelaySummary;
import io.lockgate.tls.HandshakeFailure;
import io.lockgate.tls.TlsFacts;

/**
 * One JSON object a line, always with the same fields in the same order; a text that does not apply
 * is empty. Written by hand: it runs for every exchange, and the fields are few and known.
 */
final class JsonFormat implements LineFormat {
  private static final byte[] CLIENT = Line.ascii("Z\",\"client\":\"");
  private static final byte[] AND_CLIENT = Line.ascii("\",\"client\":\"");
  private static final byte[] LISTENER = Line.ascii("\",\"listener\":\"");
  private static final byte[] PROTOCOL = Line.ascii("\",\"protocol\":\"");
  private static final byte[] HOST = Line.ascii("\",\"host\":\"");
  private static final byte[] METHOD = Line.ascii("\",\"method\":\"");
  private static final byte[] PATH = Line.ascii("\",\"path\":\"");
  private static final byte[] STATUS = Line.ascii("\",\"status\":");
  private static final byte[] BYTES_IN = Line.ascii(",\"bytes_in\":");
  private static final byte[] BYTES_OUT = Line.ascii(",\"bytes_out\":");
  private static final byte[] DURATION = Line.ascii(",\"duration_ms\":");
  private static final byte[] UPSTREAM = Line.ascii(",\"upstream\":\"");
  private static final byte[] SERVER = Line.ascii("\",\"server\":\"");
  private static final byte[] UPSTREAM_MS = Line.ascii("\",\"upstream_ms\":");
  private static final byte[] RETRIES = Line.ascii(",\"retries\":");
  private static final byte[] TLS_VERSION = Line.ascii(",\"tls_version\":\"");
  private static final byte[] TLS_CIPHER = Line.ascii("\",\"tls_cipher\":\"");
  private static final byte[] TLS_GROUP = Line.ascii("\",\"tls_group\":\"");
  private static final byte[] TLS_RESUMED = Line.ascii("\",\"tls_resumed\":\"");
  private static final byte[] SNI = Line.ascii("\",\"sni\":\"");
  private static final byte[] SUBJECT = Line.ascii("\",\"client_cert_subject\":\"");
  private static final byte[] REQUEST_ID = Line.ascii("\",\"request_id\":\"");
  private static final byte[] USER_AGENT = Line.ascii("\",\"user_agent\":\"");
  private static final byte[] REFERER = Line.ascii("\",\"referer\":\"");
  private static final byte[] ERROR = Line.ascii("\",\"error\":\"");
  private static final byte[] END = Line.ascii("\"}\n");
  private static final byte[] WITHOUT_ERROR = Line.ascii("\",\"error\":\"\"}\n");
  private static final byte[] HANDSHAKE = Line.ascii("Z\",\"event\":\"handshake_failed");
  private static final byte[] REASON = Line.ascii("\",\"reason\":\"");
  private static final byte[] DETAIL = Line.ascii("\",\"detail\":\"");
  private static final int BAD_REQUEST = 400;
  private static final int STATUSES = 600;

  private final SecondText second = new SecondText("{\"time\":\"", "yyyy-MM-dd'T'HH:mm:ss");

  // With the name of what comes behind: the fewer pieces a line is made of, the less it costs.
  private final KeptPlaces places = new KeptPlaces(JsonFormat::places);
  private final KeptNames servers = new KeptNames(JsonFormat::server);
  private final TlsFields tlsFields = new TlsFields(JsonFormat::tlsWithoutRetries);
  private final byte[][] withoutContent = new byte[STATUSES][];

  @Override
  public void exchange(Line line, long epochMillis, ExchangeSummary summary) {
    time(line, epochMillis);
    places.write(line, summary);
    line.plain(summary instanceof RecordedExchange recorded && recorded.isPlain());
    line.shown(summary, Text.TARGET, MOST_TARGET);
    status(line, summary.status(), summary.requestBytes());
    line.put(summary.responseBytes());
    line.put(DURATION).millis(summary.durationNanos());
    servers.write(line, summary.upstream(), summary.server());
    line.millis(summary.upstreamNanos());
    if (summary.retries() == 0) {
      tlsFields.write(line, summary.tls());
    } else {
      tlsOfRequest(line, summary.retries(), summary.tls());
    }
    line.shown(summary, Text.REQUEST_ID, MOST_NAME);
    line.put(USER_AGENT).shown(summary, Text.USER_AGENT, MOST_FIELD);
    line.put(REFERER).shown(summary, Text.REFERER, MOST_FIELD);
    line.plain(false);
    if (summary.error().isEmpty()) {
      line.put(WITHOUT_ERROR);
    } else {
      line.put(ERROR).json(summary.error(), MOST_NAME).put(END);
    }
  }

  /** Nearly all requests have no content, and few statuses are in use. */
  private void status(Line line, int status, long bytesIn) {
    if (bytesIn == 0 && status >= 0 && status < withoutContent.length) {
      if (withoutContent[status] == null) {
        withoutContent[status] = withoutContent(status);
      }
      line.put(withoutContent[status]);
    } else {
      line.put(STATUS).put(status).put(BYTES_IN).put(bytesIn).put(BYTES_OUT);
    }
  }

  private static byte[] withoutContent(int status) {
    Line line = new Line(MOST_NAME);
    return line.put(STATUS).put(status).put(BYTES_IN).put(0).put(BYTES_OUT).copy(0);
  }

  private static void places(Line line, ExchangeSummary summary) {
    line.put(CLIENT).octets(summary.clientAddress(), MOST_NAME);
    line.put(LISTENER).json(summary.listener(), MOST_NAME);
    line.put(PROTOCOL).json(summary.protocol().label(), MOST_NAME);
    line.put(HOST).json(summary.host(), MOST_NAME);
    line.put(METHOD).octets(summary.methodText(), MOST_NAME).put(PATH);
  }

  private static void server(Line line, String upstream, String server) {
    line.put(UPSTREAM).json(upstream, MOST_NAME);
    line.put(SERVER).json(server, MOST_NAME).put(UPSTREAM_MS);
  }

  @Override
  public void relay(Line line, long epochMillis, RelaySummary summary) {
    time(line, epochMillis);
    line.put(CLIENT).json(summary.clientAddress(), MOST_NAME);
    line.put(LISTENER).json(summary.listener(), MOST_NAME);
    line.put(PROTOCOL).json(summary.mode(), MOST_NAME);
    line.put(HOST).json(summary.host(), MOST_NAME);
    line.put(METHOD).put(PATH).put(STATUS).put(0);
    line.put(BYTES_IN).put(summary.bytesIn()).put(BYTES_OUT).put(summary.bytesOut());
    line.put(DURATION).millis(summary.durationNanos());
    line.put(UPSTREAM).json(summary.upstream(), MOST_NAME);
    line.put(SERVER).json(summary.server(), MOST_NAME);
    line.put(UPSTREAM_MS).millis(summary.connectNanos());
    line.put(RETRIES).put(0);
    tls(line, summary.tls(), summary.sni());
    line.put(REQUEST_ID).put(USER_AGENT).put(REFERER);
    line.put(ERROR).json(summary.good() ? "" : summary.result(), MOST_NAME).put(END);
  }

  private static void tlsWithoutRetries(Line line, TlsFacts tls) {
    tlsOfRequest(line, 0, tls);
  }

  private static void tlsOfRequest(Line line, int retries, TlsFacts tls) {
    line.put(RETRIES).put(retries);
    tls(line, tls, tls.sni());
    line.put(REQUEST_ID);
  }

  private static void tls(Line line, TlsFacts tls, String sni) {
    line.put(TLS_VERSION).json(tls.version(), MOST_NAME);
    line.put(TLS_CIPHER).json(tls.cipher(), MOST_NAME);
    line.put(TLS_GROUP).json(tls.group(), MOST_NAME);
    line.put(TLS_RESUMED).json(tls.present() ? tls.resumption().label() : "", MOST_NAME);
    line.put(SNI).json(sni, MOST_NAME);
    line.put(SUBJECT).json(tls.clientSubject(), MOST_FIELD);
  }

  @Override
  public void rejection(
      Line line, long epochMillis, String listener, String client, String reason) {
    time(line, epochMillis);
    line.put(CLIENT).json(client, MOST_NAME);
    line.put(LISTENER).json(listener, MOST_NAME);
    line.put(PROTOCOL).put(HOST).put(METHOD).put(PATH);
    line.put(STATUS).put(BAD_REQUEST);
    line.put(BYTES_IN).put(0).put(BYTES_OUT).put(0).put(DURATION).millis(0);
    line.put(UPSTREAM).put(SERVER).put(UPSTREAM_MS).millis(0).put(RETRIES).put(0);
    tls(line, TlsFacts.NONE, "");
    line.put(REQUEST_ID).put(USER_AGENT).put(REFERER);
    line.put(ERROR).json(reason, MOST_NAME).put(END);
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
    time(line, epochMillis);
    line.put(HANDSHAKE);
    line.put(AND_CLIENT).json(client, MOST_NAME);
    line.put(LISTENER).json(listener, MOST_NAME);
    line.put(HOST).json(host, MOST_NAME);
    line.put(REASON).json(failure.label(), MOST_NAME);
    line.put(DETAIL).json(detail, MOST_FIELD).put(END);
  }

  private void time(Line line, long epochMillis) {
    line.put(second.of(epochMillis)).decimals(second.millisOf(epochMillis));
  }
}
