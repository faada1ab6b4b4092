package io.lockgate.tls;

import io.lockgate.pki.ClientIdentity;
import java.util.Optional;

/**
 * What a completed handshake settled; one per connection, immutable.
 *
 * @param host label of the configured host whose terms were negotiated ({@code SniTable} decided
 *     it)
 * @param version {@code TLSv1.2} or {@code TLSv1.3}
 * @param cipher IANA name of the cipher suite
 * @param group named group, or empty where none took part (TLS 1.2 resumption)
 * @param alpn negotiated protocol name, or empty
 * @param sni the name the client sent, lower case, or empty
 * @param resumption how much of an earlier session was reused
 * @param clientSubject subject of the client's certificate, or empty
 * @param client who the client is, by a certificate that was verified; empty without one
 */
public record TlsFacts(
    String host,
    String version,
    String cipher,
    String group,
    String alpn,
    String sni,
    Resumption resumption,
    String clientSubject,
    Optional<ClientIdentity> client) {

  /** Of a client that is known by its subject at most. */
  public TlsFacts(
      String host,
      String version,
      String cipher,
      String group,
      String alpn,
      String sni,
      Resumption resumption,
      String clientSubject) {
    this(host, version, cipher, group, alpn, sni, resumption, clientSubject, Optional.empty());
  }

  /** A connection without TLS. */
  public static final TlsFacts NONE = new TlsFacts("", "", "", "", "", "", Resumption.FULL, "");

  public boolean present() {
    return !version.isEmpty();
  }

  /** Metric label {@code resumed}. */
  public enum Resumption {
    FULL("full"),
    TICKET("ticket"),
    CACHE("cache");

    private final String label;

    Resumption(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }
}
