package io.lockgate.exchange;

import io.lockgate.proxyprotocol.ProxyHeader;
import io.lockgate.proxyprotocol.ProxyHeader.Endpoints;
import io.lockgate.proxyprotocol.SenderTls;
import io.lockgate.proxyprotocol.TypedValue;
import io.lockgate.tls.TlsFacts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * Puts together the PROXY header that tells a server of a client's connection: what is known here,
 * and of what a load balancer in front said all that is not known better here. Pure.
 */
public final class ClientHeader {
  private ClientHeader() {}

  /** Of a connection whose TLS, if any, ended here. */
  public static ProxyHeader terminated(
      Optional<Endpoints> ends, Optional<ProxyHeader> received, TlsFacts tls) {
    List<TypedValue> own = new ArrayList<>();
    if (tls.present()) {
      own.addAll(names(tls.sni(), tls.alpn()));
      own.add(
          SenderTls.terminated(
                  tls.version(),
                  tls.cipher(),
                  commonName(tls.clientSubject()),
                  tls.client().isPresent())
              .asValue());
    }
    return header(ends, received, own);
  }

  /**
   * Of a connection whose TLS ends at the server.
   *
   * @param alpn the protocol that the client wants most, or empty
   */
  public static ProxyHeader passedThrough(
      Optional<Endpoints> ends, Optional<ProxyHeader> received, String sni, String alpn) {
    return header(ends, received, names(sni, alpn));
  }

  private static ProxyHeader header(
      Optional<Endpoints> ends, Optional<ProxyHeader> received, List<TypedValue> own) {
    Set<Integer> known = new HashSet<>();
    own.forEach(value -> known.add(value.type()));
    List<TypedValue> values = new ArrayList<>(own);
    received.ifPresent(
        header ->
            header.values().stream()
                .filter(value -> !known.contains(value.type()))
                .forEach(values::add));
    return new ProxyHeader(2, false, ends, values);
  }

  private static List<TypedValue> names(String sni, String alpn) {
    List<TypedValue> values = new ArrayList<>(2);
    if (!alpn.isEmpty()) {
      values.add(TypedValue.of(TypedValue.ALPN, alpn));
    }
    if (!sni.isEmpty()) {
      values.add(TypedValue.of(TypedValue.AUTHORITY, sni));
    }
    return values;
  }

  /** The most specific one, as of a subject by RFC 4514. */
  private static Optional<String> commonName(String subject) {
    try {
      List<Rdn> parts = new LdapName(subject).getRdns();
      for (int i = parts.size() - 1; i >= 0; i--) {
        if (parts.get(i).getType().equalsIgnoreCase("CN")) {
          // Octets instead of text where the name is of a kind that has no text (section 2.4).
          return parts.get(i).getValue() instanceof String name
              ? Optional.of(name)
              : Optional.empty();
        }
      }
    } catch (InvalidNameException e) {
      return Optional.empty(); // nothing that could be said for certain
    }
    return Optional.empty();
  }
}
