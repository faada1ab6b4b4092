package io.lockgate.config.model;

import java.nio.file.Path;
import java.util.List;

/**
 * What a host asks of the certificates of its clients.
 *
 * @param trust PEM files with the authorities that issue them, all of them trusted alike
 * @param crls files with lists of revoked certificates
 * @param allow rules of which a certificate must meet one; empty allows every trusted one
 * @param forward what the upstream is told
 */
public record ClientAuthConfig(
    Mode mode, List<Path> trust, List<Path> crls, List<AllowRule> allow, List<Forward> forward) {

  public ClientAuthConfig {
    trust = List.copyOf(trust);
    crls = List.copyOf(crls);
    allow = List.copyOf(allow);
    forward = List.copyOf(forward);
  }

  /** Whether a client may come without a certificate. One that is shown is always verified. */
  public enum Mode {
    OPTIONAL,
    REQUIRED
  }

  /** Fields that tell the upstream who the client is. */
  public enum Forward {
    /** {@code Client-Cert} and {@code Client-Cert-Chain} (RFC 9440). */
    CLIENT_CERT,
    /** {@code X-Forwarded-Client-Cert}, as Envoy writes it. */
    XFCC
  }
}
