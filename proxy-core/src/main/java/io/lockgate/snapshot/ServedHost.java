package io.lockgate.snapshot;

import io.lockgate.exchange.Answers;
import io.lockgate.pki.Identity;
import io.lockgate.route.RouteTable;
import io.lockgate.tls.TlsHost;
import io.lockgate.tls.TlsTerms;
import java.util.List;
import java.util.function.Function;

/**
 * A configured host, compiled: what its handshakes and its requests need. Immutable; read by every
 * event loop.
 *
 * @param label the name under which it is configured
 * @param identitiesByName finds the identities that cover a name the client sent; pure
 * @param answers what is put into them over TLS
 * @param answersInClear the same without what must not be said there
 */
public record ServedHost(
    String label,
    TlsTerms terms,
    Function<String, List<Identity>> identitiesByName,
    RouteTable routes,
    Answers answers,
    Answers answersInClear)
    implements TlsHost {

  ServedHost(
      String label,
      TlsTerms terms,
      Function<String, List<Identity>> identitiesByName,
      RouteTable routes,
      Answers answers) {
    this(label, terms, identitiesByName, routes, answers, answers.inClear());
  }

  @Override
  public List<Identity> identities(String serverName) {
    return identitiesByName.apply(serverName);
  }
}
