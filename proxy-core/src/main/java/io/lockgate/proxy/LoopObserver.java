package io.lockgate.proxy;

import io.lockgate.exchange.ExchangeListener;
import io.lockgate.exchange.ExchangeSummary;
import io.lockgate.explain.LoopFailures;
import io.lockgate.metrics.LoopMetrics;
import io.lockgate.pki.Identity;
import io.lockgate.tls.CertificateUse;
import io.lockgate.tls.FailedHandshake;
import io.lockgate.tls.StapleResult;
import io.lockgate.tls.TlsFacts;
import io.lockgate.tls.TlsListener;

/**
 * Tells what happens on one event loop to whoever is concerned, and to nobody else: a chain of
 * listeners that each pass on to two would be gone through for every request and handshake, to end
 * mostly where nothing is done.
 *
 * @param counted hears of everything
 * @param loggedExchanges the access log
 * @param loggedHandshakes the access log
 * @param mixedExchanges what clients of each host speak
 * @param mixedHandshakes what clients of each host speak
 */
record LoopObserver(
    LoopMetrics counted,
    ExchangeListener loggedExchanges,
    TlsListener loggedHandshakes,
    ExchangeListener mixedExchanges,
    TlsListener mixedHandshakes,
    LoopFailures failures,
    CertificateUse certificateUse)
    implements ExchangeListener, TlsListener {

  @Override
  public void started() {
    counted.started();
  }

  @Override
  public void switched() {
    counted.switched();
  }

  @Override
  public void ended(ExchangeSummary summary) {
    counted.ended(summary);
    loggedExchanges.ended(summary);
    mixedExchanges.ended(summary);
  }

  @Override
  public void rejected(String listener, String clientAddress, String reason) {
    counted.rejected(listener, clientAddress, reason);
    loggedExchanges.rejected(listener, clientAddress, reason);
  }

  @Override
  public void limited(String reason) {
    counted.limited(reason);
  }

  @Override
  public void handshakeSucceeded(String listener, TlsFacts facts, long nanos) {
    counted.handshakeSucceeded(listener, facts, nanos);
    mixedHandshakes.handshakeSucceeded(listener, facts, nanos);
  }

  @Override
  public void handshakeSigned(String algorithm) {
    counted.handshakeSigned(algorithm);
  }

  @Override
  public void certificateServed(Identity identity) {
    certificateUse.certificateServed(identity);
  }

  @Override
  public void stapled(String certificate, StapleResult result) {
    counted.stapled(certificate, result);
  }

  @Override
  public void handshakeFailed(FailedHandshake failed) {
    counted.handshakeFailed(failed);
    loggedHandshakes.handshakeFailed(failed);
    failures.handshakeFailed(failed);
  }

  @Override
  public void closed(Side side, How how) {
    counted.closed(side, how);
  }
}
