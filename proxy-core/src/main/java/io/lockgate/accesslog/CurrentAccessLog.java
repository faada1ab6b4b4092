package io.lockgate.accesslog;

import io.lockgate.exchange.ExchangeListener;
import io.lockgate.exchange.ExchangeSummary;
import io.lockgate.relay.RelayListener;
import io.lockgate.relay.RelaySummary;
import io.lockgate.tls.FailedHandshake;
import io.lockgate.tls.TlsListener;
import java.util.concurrent.CompletionStage;

/**
 * The access log in use: one volatile cell. Listeners taken from here live as long as their event
 * loop and follow every reload.
 */
public final class CurrentAccessLog {
  private volatile AccessLog current;

  public CurrentAccessLog(AccessLog first) {
    this.current = first;
  }

  public AccessLog get() {
    return current;
  }

  /**
   * Sends all further events to {@code next}.
   *
   * @return the log used before, for the caller to close once every event loop has ended the turn
   *     it was in; the same as {@code next} where nothing changed
   */
  public synchronized AccessLog follow(AccessLog next) {
    AccessLog previous = current;
    current = next;
    return previous;
  }

  public CompletionStage<Void> reopen() {
    return current.reopen();
  }

  /** What the exchanges of this event loop are told to. */
  public ExchangeListener forLoop(int index) {
    return new ExchangeListener() {
      @Override
      public void ended(ExchangeSummary summary) {
        current.forLoop(index).ended(summary);
      }

      @Override
      public void rejected(String listener, String clientAddress, String reason) {
        current.forLoop(index).rejected(listener, clientAddress, reason);
      }
    };
  }

  /** What the relays of this event loop are told to. */
  public RelayListener relaysForLoop(int index) {
    return new RelayListener() {
      @Override
      public void ended(RelaySummary summary) {
        current.relaysForLoop(index).ended(summary);
      }
    };
  }

  /** What the handshakes of this event loop are told to. */
  public TlsListener tlsForLoop(int index) {
    return new TlsListener() {
      @Override
      public void handshakeFailed(FailedHandshake failed) {
        current.tlsForLoop(index).handshakeFailed(failed);
      }
    };
  }
}
