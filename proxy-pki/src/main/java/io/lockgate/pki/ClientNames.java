package io.lockgate.pki;

import io.lockgate.config.model.AllowRule;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Whom a client's certificate speaks for, by its subject alternative names (RFC 5280 section
 * 4.2.1.6).
 */
record ClientNames(List<String> dns, List<String> emails, List<String> uris) {
  private static final int EMAIL = 1;
  private static final int DNS = 2;
  private static final int URI = 6;

  /** None where the extension is damaged: then no rule is met. */
  static ClientNames of(X509Certificate certificate) {
    List<String> dns = new ArrayList<>();
    List<String> emails = new ArrayList<>();
    List<String> uris = new ArrayList<>();
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      for (List<?> name : names == null ? List.<List<?>>of() : names) {
        if (name.get(1) instanceof String text) {
          switch ((Integer) name.get(0)) {
            case EMAIL -> emails.add(text);
            case DNS -> dns.add(text);
            case URI -> uris.add(text);
            default -> {}
          }
        }
      }
    } catch (CertificateParsingException e) {
      return new ClientNames(List.of(), List.of(), List.of());
    }
    return new ClientNames(dns, emails, uris);
  }

  /** An X.509-SVID holds exactly one URI (X509-SVID standard, section 2). */
  Optional<String> spiffeId() {
    return uris.size() == 1 && AllowRule.Spiffe.isId(uris.get(0))
        ? Optional.of(uris.get(0))
        : Optional.empty();
  }
}
