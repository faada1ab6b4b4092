package io.lockgate.snapshot;

import io.lockgate.config.model.RelayConfig;
import io.lockgate.exchange.Answers;
import io.lockgate.pki.Identity;
import io.lockgate.route.RouteTable;
import io.lockgate.tls.TlsHost;
import io.lockgate.tls.TlsTerms;
import io.lockgate.upstream.UpstreamPool;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A configured host, compiled: what its handshakes and its requests need. Immutable; read by every
 * event loop.
 *
 * @param label the name under which it is configured
 * @param identitiesByName finds the identities that cover a name the client sent; pure
 * @param answers what is put into them over TLS
 * @param answersInClear the same without what must not be said there
 * @param relay where bytes go; empty for a host that speaks HTTP
 */
public record ServedHost(
    String label,
    TlsTerms terms,
    Function<String, List<Identity>> identitiesByName,
    RouteTable routes,
    Answers answers,
    Answers answersInClear,
    Optional<RelayTarget> relay)
    implements TlsHost {

  /** A host that speaks HTTP. */
  public ServedHost(
      String label,
      TlsTerms terms,
      Function<String, List<Identity>> identitiesByName,
      RouteTable routes,
      Answers answers,
      Answers answersInClear) {
    this(label, terms, identitiesByName, routes, answers, answersInClear, Optional.empty());
  }

  ServedHost(
      String label,
      TlsTerms terms,
      Function<String, List<Identity>> identitiesByName,
      RouteTable routes,
      Answers answers,
      Optional<RelayTarget> relay) {
    this(label, terms, identitiesByName, routes, answers, answers.inClear(), relay);
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

  @Override
  public List<Identity> identities(String serverName) {
    return identitiesByName.apply(serverName);
  }
}
