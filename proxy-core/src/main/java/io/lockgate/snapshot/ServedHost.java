package io.lockgate.snapshot;

import io.lockgate.http.AsciiBytes;
import io.lockgate.pki.Identity;
import io.lockgate.route.RouteTable;
import io.lockgate.tls.TlsHost;
import io.lockgate.tls.TlsTerms;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A configured host, compiled: what its handshakes and its requests need. Immutable; read by every
 * event loop.
 *
 * @param label the name under which it is configured
 * @param identitiesByName finds the identities that cover a name the client sent; pure
 * @param hsts value of Strict-Transport-Security
 */
public record ServedHost(
    String label,
    TlsTerms terms,
    Function<String, List<Identity>> identitiesByName,
    RouteTable routes,
    Optional<AsciiBytes> hsts)
    implements TlsHost {

  @Override
  public List<Identity> identities(String serverName) {
    return identitiesByName.apply(serverName);
  }
}
