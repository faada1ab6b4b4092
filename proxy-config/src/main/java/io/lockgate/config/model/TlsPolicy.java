package io.lockgate.config.model;

import java.util.List;
import java.util.Set;

/**
 * What a host is willing to negotiate.
 *
 * @param ciphers12 TLS 1.2 cipher suites by their IANA names, most wanted first
 * @param groups named groups by the names of the configuration ({@code X25519MLKEM768}, {@code
 *     X25519}, {@code P-256}, {@code P-384}), most wanted first
 * @param signatureAlgorithms with which a handshake may be signed, by their names in RFC 8446
 *     section 4.2.3; a set, as the order of preference is not ours to choose
 * @param alpn protocols, of those that a listener speaks; empty for all of them
 */
public record TlsPolicy(
    String name,
    TlsVersion minVersion,
    TlsVersion maxVersion,
    List<String> ciphers12,
    List<String> groups,
    Set<String> signatureAlgorithms,
    Set<String> alpn) {

  public TlsPolicy {
    ciphers12 = List.copyOf(ciphers12);
    groups = List.copyOf(groups);
    signatureAlgorithms = Set.copyOf(signatureAlgorithms);
    alpn = Set.copyOf(alpn);
    if (minVersion.compareTo(maxVersion) > 0) {
      throw new IllegalArgumentException("min-version is above max-version");
    }
  }

  /** What of a listener's protocols is spoken under this policy, in the listener's order. */
  public List<String> narrow(List<String> protocols) {
    return alpn.isEmpty() ? protocols : protocols.stream().filter(alpn::contains).toList();
  }

  /** Protocol versions that Lockgate speaks at all. */
  public enum TlsVersion {
    TLS_1_2("1.2"),
    TLS_1_3("1.3");

    private final String text;

    TlsVersion(String text) {
      this.text = text;
    }

    /** As written in configuration files. */
    public String text() {
      return text;
    }
  }
}
