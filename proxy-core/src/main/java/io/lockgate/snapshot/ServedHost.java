package io.lockgate.snapshot;

import io.lockgate.config.model.RelayConfig;
import io.lockgate.exchange.Answers;
import io.lockgate.route.RouteTable;
import io.lockgate.tls.TlsHost;
import io.lockgate.tls.TlsTerms;
import io.lockgate.upstream.UpstreamPool;
import java.util.Optional;

/**
 * A configured host, compiled: what its handshakes and its requests need but for certificates.
 * Immutable; read by every event loop. Taken over by generation after generation while what it was
 * compiled from stays the same, so it must hold nothing of a generation.
 *
 * @param label the name under which it is configured
 * @param answers what is put into them over TLS
 * @param answersInClear the same without what must not be said there
 * @param relay where bytes go; empty for a host that speaks HTTP
 */
public record ServedHost(
    String label,
    TlsTerms terms,
    RouteTable routes,
    Answers answers,
    Answers answersInClear,
    Optional<RelayTarget> relay)
    implements TlsHost {

  /** A host that speaks HTTP. */
  public ServedHost(
      String label, TlsTerms terms, RouteTable routes, Answers answers, Answers answersInClear) {
    this(label, terms, routes, answers, answersInClear, Optional.empty());
  }

  /** The same host under other terms. */
  ServedHost withTerms(TlsTerms other) {
    return new ServedHost(label, other, routes, answers, answersInClear, relay);
  }

  /** Where the bytes of a host go that does not speak HTTP. */
  public record RelayTarget(RelayConfig config, UpstreamPool pool) {
    /** Whether connections that began with the one may go on under the other. */
    boolean continues(RelayTarget earlier) {
      return config.mode() == earlier.config.mode()
          && config.upstream().equals(earlier.config.upstream());
    }
  }

  /** Whether clients may ask for TLS in clear first. */
  boolean startTls() {
    return relay.map(its -> its.config().startTls() != RelayConfig.StartTls.NONE).orElse(false);
  }

  @Override
  public boolean passthrough() {
    return relay.map(its -> its.config().mode() == RelayConfig.Mode.PASSTHROUGH).orElse(false);
  }
}
