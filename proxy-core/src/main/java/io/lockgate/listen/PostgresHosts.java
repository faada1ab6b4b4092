package io.lockgate.listen;

import io.lockgate.config.model.RelayConfig.StartTls;
import io.lockgate.snapshot.ServedHost;
import io.lockgate.tls.HandshakeFailure;
import io.lockgate.tls.TlsDecision;
import io.lockgate.tls.TlsHost;

/**
 * Keeps clients that came by PostgreSQL's request for TLS from hosts that speak otherwise. Pure.
 */
final class PostgresHosts {
  private PostgresHosts() {}

  static TlsDecision only(TlsDecision decision) {
    if (decision instanceof TlsDecision.Serve serve) {
      return isPostgres(serve.match().value()) ? decision : refusal(serve.host());
    }
    if (decision instanceof TlsDecision.PassThrough passing) {
      return isPostgres(passing.match().value()) ? decision : refusal(passing.host());
    }
    return decision;
  }

  private static boolean isPostgres(TlsHost host) {
    return ((ServedHost) host)
        .relay()
        .map(relay -> relay.config().startTls() == StartTls.POSTGRES)
        .orElse(false);
  }

  private static TlsDecision refusal(String host) {
    return new TlsDecision.Refuse(
        HandshakeFailure.NO_APPLICATION_PROTOCOL,
        host,
        "The client speaks PostgreSQL, and the host does not have starttls = postgres.");
  }
}
