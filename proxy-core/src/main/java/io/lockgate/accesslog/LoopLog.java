package io.lockgate.accesslog;

import io.lockgate.config.model.AccessLogConfig;
import io.lockgate.exchange.ExchangeListener;
import io.lockgate.exchange.ExchangeSummary;
import io.lockgate.relay.RelayListener;
import io.lockgate.relay.RelaySummary;
import io.lockgate.tls.FailedHandshake;
import io.lockgate.tls.TlsListener;
import java.time.Clock;
import java.util.SplittableRandom;

/**
 * Formats the lines of one event loop, on that loop, for its ring. Allocates nothing but the text
 * of a new second, and of names that it has not written lately.
 */
final class LoopLog implements ExchangeListener, TlsListener, RelayListener {
  private static final int FIRST_SERVER_ERROR = 500;

  private final LineRing ring;
  private final LogWriter writer;
  private final AccessLogCounts counts;
  private final Clock clock;
  private final SplittableRandom random;
  private final double samplePercent;
  private final LineFormat format;
  private volatile boolean closed;

  LoopLog(AccessLogConfig config, LineRing ring, LogWriter writer, AccessLogSetup setup) {
    this.ring = ring;
    this.writer = writer;
    this.counts = setup.counts();
    this.clock = setup.clock();
    this.random = setup.random().split();
    this.samplePercent = config.samplePercent();
    this.format = LineFormat.of(config.format());
  }

  @Override
  public void ended(ExchangeSummary summary) {
    if (!sampled(summary)) {
      return;
    }
    if (begins()) {
      format.exchange(ring.line(), clock.millis(), summary);
      end();
    }
  }

  @Override
  public void ended(RelaySummary summary) {
    boolean wanted =
        !summary.good() || samplePercent >= 100 || random.nextDouble() * 100 < samplePercent;
    if (wanted && begins()) {
      format.relay(ring.line(), clock.millis(), summary);
      end();
    }
  }

  @Override
  public void rejected(String listener, String clientAddress, String reason) {
    if (begins()) {
      format.rejection(ring.line(), clock.millis(), listener, clientAddress, reason);
      end();
    }
  }

  @Override
  public void handshakeFailed(FailedHandshake failed) {
    if (format.hasHandshakes() && begins()) {
      format.handshake(
          ring.line(),
          clock.millis(),
          failed.listener(),
          failed.host(),
          failed.failure(),
          failed.clientAddress(),
          failed.detail());
      end();
    }
  }

  /** From now on every line counts as dropped. */
  void close() {
    closed = true;
  }

  private boolean sampled(ExchangeSummary summary) {
    return samplePercent >= 100
        || summary.status() >= FIRST_SERVER_ERROR
        || !summary.error().isEmpty()
        || random.nextDouble() * 100 < samplePercent;
  }

  private boolean begins() {
    if (closed) {
      counts.lineDropped();
      return false;
    }
    ring.line().begin();
    return true;
  }

  private void end() {
    if (ring.line().overflowed() || !hasRoom()) {
      counts.lineDropped();
      return;
    }
    ring.commit();
    writer.wake();
  }

  /** Goes on to the next segment where the line needs it, if the writer has done with that one. */
  private boolean hasRoom() {
    if (ring.fits()) {
      return true;
    }
    boolean advanced = ring.advance();
    if (ring.fills()) {
      writer.hurry();
    }
    return advanced;
  }
}
