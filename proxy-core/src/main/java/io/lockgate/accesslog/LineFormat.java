package io.lockgate.accesslog;

import io.lockgate.config.model.AccessLogConfig.Format;
import io.lockgate.exchange.ExchangeSummary;
import io.lockgate.relay.RelaySummary;
import io.lockgate.tls.HandshakeFailure;

/**
 * How events become lines. Used by one thread. Values are cut so that the longest line, with every
 * character escaped, fits into its array.
 */
interface LineFormat {
  /** A format for one thread: it remembers the second that it has written last. */
  static LineFormat of(Format format) {
    return switch (format) {
      case JSON -> new JsonFormat();
      case ECS -> new EcsFormat();
      case COMBINED -> new CombinedFormat();
      case OFF -> throw new IllegalArgumentException("a log that is off has no lines");
    };
  }

  int MOST_TARGET = 4_096;
  int MOST_FIELD = 1_024;
  int MOST_NAME = 256;

  void exchange(Line line, long epochMillis, ExchangeSummary summary);

  /** Bytes that were forwarded for a client until it or the server had enough. */
  void relay(Line line, long epochMillis, RelaySummary summary);

  /** A request that was refused by its head: all that is known is who sent it and what is wrong. */
  void rejection(Line line, long epochMillis, String listener, String client, String reason);

  /** Whether this format has a line for failed handshakes. */
  boolean hasHandshakes();

  void handshake(
      Line line,
      long epochMillis,
      String listener,
      String host,
      HandshakeFailure failure,
      String client,
      String detail);
}
