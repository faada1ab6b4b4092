package io.lockgate.config.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How connections to an upstream's servers are encrypted.
 *
 * @param serverName sent as SNI and verified; empty means each server's own host
 * @param trust a PEM file with the authorities to trust; empty means the system's
 * @param clientCertificate name of the certificate to present
 * @param verify whether the server's certificate is verified at all
 * @param policy name of the TLS policy
 * @param pins SHA-256 of the public keys of which the server must have one, in lower-case hex
 */
public record UpstreamTlsConfig(
    Optional<String> serverName,
    Optional<Path> trust,
    Optional<String> clientCertificate,
    boolean verify,
    String policy,
    List<String> pins) {

  public UpstreamTlsConfig {
    pins = List.copyOf(pins);
  }
}
