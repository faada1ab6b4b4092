package io.lockgate.accesslog;

import io.lockgate.exchange.ExchangeSummary;
import io.lockgate.relay.RelaySummary;
import io.lockgate.tls.HandshakeFailure;

/** The combined log format of nginx and Apache, for the tools that read it. */
final class CombinedFormat implements LineFormat {
  private static final byte[] NOBODY = Line.ascii(" - - [");
  private static final byte[] REQUEST = Line.ascii("] \"");
  private static final byte[] REFERER = Line.ascii(" \"");
  private static final byte[] USER_AGENT = Line.ascii("\" \"");
  private static final byte[] STATUS = Line.ascii("\" ");
  private static final byte[] END = Line.ascii("\"\n");
  private static final byte[] REJECTED = Line.ascii("] \"-\" 400 0 \"-\" \"-\"\n");

  private final SecondText second = new SecondText("dd/MMM/yyyy:HH:mm:ss '+0000'");

  @Override
  public void exchange(Line line, long epochMillis, ExchangeSummary summary) {
    line.combined(summary.clientAddress(), MOST_NAME).put(NOBODY);
    line.put(second.of(epochMillis)).put(REQUEST);
    line.combined(summary.methodText(), MOST_NAME).put(' ');
    line.combined(summary.target(), MOST_TARGET).put(' ');
    line.combined(summary.protocol().version(), MOST_NAME).put(STATUS);
    line.put(summary.status()).put(' ').put(summary.responseBytes()).put(REFERER);
    line.combined(orDash(summary.referer()), MOST_FIELD).put(USER_AGENT);
    line.combined(orDash(summary.userAgent()), MOST_FIELD).put(END);
  }

  /** In the place of the request stand the mode and the host; there is no status. */
  @Override
  public void relay(Line line, long epochMillis, RelaySummary summary) {
    line.combined(summary.clientAddress(), MOST_NAME).put(NOBODY);
    line.put(second.of(epochMillis)).put(REQUEST);
    line.combined(summary.mode(), MOST_NAME).put(' ');
    line.combined(summary.host(), MOST_NAME).put(STATUS);
    line.put(0).put(' ').put(summary.bytesOut()).put(REFERER).put('-').put(USER_AGENT);
    line.put('-').put(END);
  }

  @Override
  public void rejection(
      Line line, long epochMillis, String listener, String client, String reason) {
    line.combined(client, MOST_NAME).put(NOBODY).put(second.of(epochMillis)).put(REJECTED);
  }

  @Override
  public boolean hasHandshakes() {
    return false;
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
    throw new UnsupportedOperationException("a combined line is a request");
  }

  private static String orDash(String text) {
    return text.isEmpty() ? "-" : text;
  }
}
