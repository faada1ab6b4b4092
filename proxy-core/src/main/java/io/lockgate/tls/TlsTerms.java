package io.lockgate.tls;

import io.lockgate.config.model.TlsPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What a TLS connection is promised for its whole life, and how its session may be resumed. Equal
 * terms may share a native context.
 *
 * @param alpn protocols in the server's order of preference
 * @param ticketDomain sessions are resumed only within a domain, see {@link TicketDomain}
 * @param tickets whether sessions are resumed by tickets
 * @param sessionCacheSize TLS 1.2 session ids remembered per context; 0 remembers none
 * @param sessionLifetime how long a session can be resumed
 * @param clientAuth what is demanded of clients
 */
public record TlsTerms(
    TlsPolicy policy,
    List<String> alpn,
    String ticketDomain,
    boolean tickets,
    int sessionCacheSize,
    Duration sessionLifetime,
    ClientAuthTerms clientAuth) {

  public TlsTerms {
    alpn = List.copyOf(alpn);
  }

  /** Terms that ask for no client certificate. */
  public TlsTerms(
      TlsPolicy policy,
      List<String> alpn,
      String ticketDomain,
      boolean tickets,
      int sessionCacheSize,
      Duration sessionLifetime) {
    this(
        policy,
        alpn,
        ticketDomain,
        tickets,
        sessionCacheSize,
        sessionLifetime,
        ClientAuthTerms.NONE);
  }

  /**
   * Whether connections of both are promised the same: only then may both hosts be asked for over
   * one HTTP/2 connection (RFC 9113 section 9.1.2). How a session is resumed concerns the next
   * connection, not this one.
   */
  public boolean promisesSame(TlsTerms other) {
    return Objects.equals(policy, other.policy)
        && alpn.equals(other.alpn)
        && clientAuth.promisesSame(other.clientAuth);
  }

  /** The promise alone, equal for all hosts that promise the same. */
  public TlsTerms withoutResumption() {
    return new TlsTerms(policy, alpn, "", false, 0, Duration.ZERO, clientAuth);
  }
}
