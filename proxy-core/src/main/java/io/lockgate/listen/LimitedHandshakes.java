package io.lockgate.listen;

import io.lockgate.config.model.LimitsConfig;
import io.lockgate.limit.HandshakeCount;
import io.lockgate.snapshot.CurrentSnapshot;
import io.lockgate.tls.ClientHello;
import io.lockgate.tls.ClientHello.ResumptionOffer;
import io.lockgate.tls.HandshakeGate;
import java.util.Optional;

/** Counts handshakes against the limits of the generation that serves now. On all event loops. */
final class LimitedHandshakes implements HandshakeGate {
  private final CurrentSnapshot current;
  private final HandshakeCount count;

  LimitedHandshakes(CurrentSnapshot current, HandshakeCount count) {
    this.current = current;
    this.count = count;
  }

  @Override
  public Optional<String> refusal(ClientHello hello) {
    LimitsConfig limits = limits();
    return switch (count.admit(
        offersSession(hello), limits.handshakesPerSecond(), limits.maxConcurrentHandshakes())) {
      case ADMITTED -> Optional.empty();
      case TOO_MANY_A_SECOND -> Optional.of("More handshakes in a second than are allowed.");
      case TOO_MANY_AT_ONCE -> Optional.of("More handshakes at a time than are allowed.");
    };
  }

  @Override
  public void ended(ClientHello hello, boolean resumed) {
    LimitsConfig limits = limits();
    count.ended(
        offersSession(hello),
        resumed,
        limits.handshakesPerSecond(),
        limits.maxConcurrentHandshakes());
  }

  private LimitsConfig limits() {
    return current.get().config().limits();
  }

  /** A session id means nothing in a client that can speak TLS 1.3 (RFC 8446 appendix D.4). */
  private static boolean offersSession(ClientHello hello) {
    ResumptionOffer offer = hello.resumption();
    return offer == ResumptionOffer.PSK
        || offer == ResumptionOffer.TICKET
        || (offer == ResumptionOffer.SESSION_ID && hello.supportedVersions().isEmpty());
  }
}
