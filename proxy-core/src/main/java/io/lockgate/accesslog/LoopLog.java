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
 * Records the exchanges of one event loop, on that loop, for its ring, without an allocation. What
 * comes seldom (relays, refused heads, failed handshakes) is made a line of here and now.
 */
final class LoopLog implements ExchangeListener, TlsListener, RelayListener {
  private static final int FIRST_SERVER_ERROR = 500;

  private final RecordRing ring;
  private final LogWriter writer;
  private final AccessLogCounts counts;
  private final Clock clock;
  private final SplittableRandom random;
  private final double samplePercent;
  private final LineFormat format;
  private final Line line = new Line(Line.LONGEST);
  private volatile boolean closed;

  LoopLog(AccessLogConfig config, RecordRing ring, LogWriter writer, AccessLogSetup setup) {
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
    if (sampled(summary) && isOpen()) {
      if (ring.exchange(clock.millis(), summary)) {
        writer.wake();
      } else {
        counts.lineDropped();
      }
    }
  }

  @Override
  public void ended(RelaySummary summary) {
    boolean wanted =
        !summary.good() || samplePercent >= 100 || random.nextDouble() * 100 < samplePercent;
    if (wanted && begins()) {
      format.relay(line, clock.millis(), summary);
      end();
    }
  }

  @Override
  public void rejected(String listener, String clientAddress, String reason) {
    if (begins()) {
      format.rejection(line, clock.millis(), listener, clientAddress, reason);
      end();
    }
  }

  @Override
  public void handshakeFailed(FailedHandshake failed) {
    if (format.hasHandshakes() && begins()) {
      format.handshake(
          line,
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

  private boolean isOpen() {
    boolean open = !closed; // Once: it may turn in between.
    if (!open) {
      counts.lineDropped();
    }
    return open;
  }

  private boolean begins() {
    line.begin();
    return isOpen();
  }

  private void end() {
    if (!line.overflowed() && ring.line(line)) {
      writer.wake();
    } else {
      counts.lineDropped();
    }
  }
}
