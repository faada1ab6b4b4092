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
 * Formats the lines of one event loop, on that loop, straight into its ring. Allocates nothing but
 * the text of a new second.
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
    long now = clock.millis();
    if (begins()) {
      format.exchange(ring.line(), now, summary);
      if (beginsAgain()) {
        format.exchange(ring.line(), now, summary);
      }
      end();
    }
  }

  @Override
  public void ended(RelaySummary summary) {
    boolean wanted =
        !summary.good() || samplePercent >= 100 || random.nextDouble() * 100 < samplePercent;
    long now = clock.millis();
    if (wanted && begins()) {
      format.relay(ring.line(), now, summary);
      if (beginsAgain()) {
        format.relay(ring.line(), now, summary);
      }
      end();
    }
  }

  @Override
  public void rejected(String listener, String clientAddress, String reason) {
    long now = clock.millis();
    if (begins()) {
      format.rejection(ring.line(), now, listener, clientAddress, reason);
      if (beginsAgain()) {
        format.rejection(ring.line(), now, listener, clientAddress, reason);
      }
      end();
    }
  }

  @Override
  public void handshakeFailed(FailedHandshake failed) {
    long now = clock.millis();
    if (format.hasHandshakes() && begins()) {
      handshake(now, failed);
      if (beginsAgain()) {
        handshake(now, failed);
      }
      end();
    }
  }

  private void handshake(long now, FailedHandshake failed) {
    format.handshake(
        ring.line(),
        now,
        failed.listener(),
        failed.host(),
        failed.failure(),
        failed.clientAddress(),
        failed.detail());
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
    ring.begin();
    return true;
  }

  /** Whether the line did not fit into its segment, and there is an empty one to try. */
  private boolean beginsAgain() {
    if (!ring.line().overflowed()) {
      return false;
    }
    boolean advanced = ring.advance();
    if (ring.fills()) {
      writer.hurry();
    }
    if (advanced) {
      ring.begin();
    }
    return advanced;
  }

  private void end() {
    if (ring.commit()) {
      writer.wake();
    } else {
      counts.lineDropped();
    }
  }
}
