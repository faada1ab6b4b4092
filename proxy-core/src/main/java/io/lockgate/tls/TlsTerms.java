package io.lockgate.tls;

import io.lockgate.config.model.TlsPolicy;
import java.time.Duration;
import java.util.List;

/**
 * What a TLS connection is promised for its whole life. Equal terms may share a native context, and
 * only hosts of equal terms may be asked for over one HTTP/2 connection (RFC 9113 section 9.1.2).
 *
 * @param alpn protocols in the server's order of preference
 * @param ticketDomain sessions are resumed only within a domain: the same policy and the same
 *     demands on the client
 * @param tickets whether sessions are resumed by tickets
 * @param sessionCacheSize TLS 1.2 session ids remembered per context; 0 remembers none
 * @param sessionLifetime how long a session can be resumed
 */
public record TlsTerms(
    TlsPolicy policy,
    List<String> alpn,
    String ticketDomain,
    boolean tickets,
    int sessionCacheSize,
    Duration sessionLifetime) {

  public TlsTerms {
    alpn = List.copyOf(alpn);
  }
}
