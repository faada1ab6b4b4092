package io.lockgate.pki;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Whom a certificate speaks for, by its subject alternative names (RFC 5280 section 4.2.1.6). The
 * common name does not count: no client of today looks at it.
 *
 * @param dns in lower case, wildcards included
 */
record SubjectNames(List<String> dns, List<InetAddress> addresses) {
  private static final byte[] ALTERNATIVE_NAME = {0x55, 0x1d, 0x11};
  private static final int DNS_TAG = 0x82;
  private static final int ADDRESS_TAG = 0x87;
  private static final Pattern DOTTED = Pattern.compile("[0-9.]+");

  static SubjectNames of(EncodedCertificate certificate) throws CertificateParsingException {
    List<String> dns = new ArrayList<>();
    List<InetAddress> addresses = new ArrayList<>();
    try {
      Optional<DerReader> extension = certificate.extension(ALTERNATIVE_NAME);
      if (extension.isPresent()) {
        DerReader names = extension.get().enter(DerReader.SEQUENCE);
        while (names.hasNext()) {
          if (names.nextIs(DNS_TAG)) {
            String name = new String(names.content(DNS_TAG), StandardCharsets.ISO_8859_1);
            dns.add(name.toLowerCase(Locale.ROOT));
          } else if (names.nextIs(ADDRESS_TAG)) {
            addresses.add(InetAddress.getByAddress(names.content(ADDRESS_TAG)));
          } else {
            names.skip();
          }
        }
      }
    } catch (InvalidKeySpecException | UnknownHostException e) {
      throw new CertificateParsingException("its names cannot be read: " + e.getMessage(), e);
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
  static List<String> shown(X509Certificate certificate) throws CertificateParsingException {
    Collection<List<?>> names = certificate.getSubjectAlternativeNames();
    if (names == null) {
      return List.of();
    }
    List<String> shown = new ArrayList<>();
    for (List<?> name : names) {
      if (name.get(1) instanceof String text) {
        shown.add(text);
      }
    }
    return List.copyOf(shown);
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
