package io.lockgate.pki;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Whom a certificate speaks for, by its subject alternative names (RFC 5280 section 4.2.1.6). The
 * common name does not count: no client of today looks at it.
 *
 * @param dns in lower case, wildcards included
 */
record SubjectNames(List<String> dns, List<InetAddress> addresses) {
  private static final int DNS = 2;
  private static final int ADDRESS = 7;
  private static final Pattern DOTTED = Pattern.compile("[0-9.]+");

  static SubjectNames of(X509Certificate certificate) throws CertificateParsingException {
    List<String> dns = new ArrayList<>();
    List<InetAddress> addresses = new ArrayList<>();
    for (List<?> name : all(certificate)) {
      if (name.get(0).equals(DNS)) {
        dns.add(((String) name.get(1)).toLowerCase(Locale.ROOT));
      } else if (name.get(0).equals(ADDRESS)) {
        addresses.add(address((String) name.get(1)));
      }
    }
    return new SubjectNames(List.copyOf(dns), List.copyOf(addresses));
  }

  /** Names as an operator writes them, IP literals told from DNS names by their form. */
  static SubjectNames of(List<String> written) throws CertificateParsingException {
    List<String> dns = new ArrayList<>();
    List<InetAddress> addresses = new ArrayList<>();
    for (String name : written) {
      if (name.indexOf(':') >= 0 || DOTTED.matcher(name).matches()) {
        addresses.add(address(name));
      } else {
        dns.add(name.toLowerCase(Locale.ROOT));
      }
    }
    return new SubjectNames(List.copyOf(dns), List.copyOf(addresses));
  }

  /** Whether both speak for the same, in whatever order. */
  boolean sameAs(SubjectNames other) {
    return Set.copyOf(dns).equals(Set.copyOf(other.dns))
        && Set.copyOf(addresses).equals(Set.copyOf(other.addresses));
  }

  /** Every textual name, as an inventory shows it. */
  static List<String> shown(X509Certificate certificate) {
    List<String> shown = new ArrayList<>();
    try {
      for (List<?> name : all(certificate)) {
        if (name.get(1) instanceof String text) {
          shown.add(text);
        }
      }
    } catch (CertificateParsingException e) {
      throw new AssertionError("names that were read before cannot be read again", e);
    }
    return List.copyOf(shown);
  }

  private static Collection<List<?>> all(X509Certificate certificate)
      throws CertificateParsingException {
    Collection<List<?>> names = certificate.getSubjectAlternativeNames();
    return names == null ? List.of() : names;
  }

  private static InetAddress address(String literal) throws CertificateParsingException {
    try {
      // A literal is not looked up.
      return InetAddress.getByName(literal);
    } catch (UnknownHostException e) {
      throw new CertificateParsingException(literal + " is not an IP address");
    }
  }
}
