package io.lockgate.config.model;

import java.util.List;

/**
 * What a host is willing to negotiate.
 *
 * @param ciphers12 TLS 1.2 cipher suites by their IANA names, most wanted first
 * @param groups named groups by the names of the configuration ({@code X25519MLKEM768}, {@code
 *     X25519}, {@code P-256}, {@code P-384}), most wanted first
 */
public record TlsPolicy(
    String name,
    TlsVersion minVersion,
    TlsVersion maxVersion,
    List<String> ciphers12,
    List<String> groups) {

  public TlsPolicy {
    ciphers12 = List.copyOf(ciphers12);
    groups = List.copyOf(groups);
    if (minVersion.compareTo(maxVersion) > 0) {
      throw new IllegalArgumentException("min-version is above max-version");
    }
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
