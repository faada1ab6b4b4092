package io.lockgate.tls;

import io.lockgate.config.model.TlsPolicy;
import io.lockgate.pki.Identity;
import io.lockgate.pki.ServerTrust;
import java.util.List;
import java.util.Optional;

/**
 * What TLS connections to an upstream's servers are held to. Equal terms are met by the same
 * servers in the same way, so what was built for them can go on being used.
 *
 * @param alpn protocols to offer, the one wanted most first
 * @param serverName sent and verified instead of each server's own host
 * @param trust whom to believe; empty where certificates are not verified
 * @param pins hex SHA-256 of public keys of which the server must have one
 * @param identity shown to servers that ask for a certificate
 */
public record UpstreamTlsTerms(
    TlsPolicy policy,
    List<String> alpn,
    Optional<String> serverName,
    Optional<ServerTrust> trust,
    List<String> pins,
    Optional<Identity> identity) {

  public UpstreamTlsTerms {
    alpn = List.copyOf(alpn);
    pins = List.copyOf(pins);
  }

  /** The name that a server is asked for and has to prove. */
  String nameFor(String host) {
    return serverName.orElse(host);
  }
}
