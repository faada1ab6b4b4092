package io.lockgate.pki;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Predicate;

/** Extensions that the JDK does not take apart. One that is damaged counts as absent. */
final class Extensions {
  private static final String TLS_FEATURE = "1.3.6.1.5.5.7.1.24";
  private static final byte[] STATUS_REQUEST = {5};
  private static final String AUTHORITY_ACCESS = "1.3.6.1.5.5.7.1.1";
  private static final byte[] CA_ISSUERS = HexFormat.of().parseHex("2b06010505073002");
  private static final byte[] OCSP = HexFormat.of().parseHex("2b06010505073001");
  private static final String AUTHORITY_KEY = "2.5.29.35";
  private static final String SUBJECT_KEY = "2.5.29.14";
  private static final int CONTEXT_PRIMITIVE_0 = 0x80;
  private static final int URI_NAME = 0x86;

  private Extensions() {}

  /** Whether the TLS feature extension asks for {@code status_request} (RFC 7633). */
  static boolean mustStaple(X509Certificate certificate) {
    try {
      Optional<DerReader> features = extension(certificate, TLS_FEATURE);
      if (features.isEmpty()) {
        return false;
      }
      DerReader list = features.get().enter(DerReader.SEQUENCE);
      while (list.hasNext()) {
        if (Arrays.equals(list.content(DerReader.INTEGER), STATUS_REQUEST)) {
          return true;
        }
      }
      return false;
    } catch (InvalidKeySpecException e) {
      return false;
    }
  }

  /** Where the issuer's certificate can be had (RFC 5280 section 4.2.2.1). */
  static Optional<String> issuerAddress(X509Certificate certificate) {
    return address(certificate, CA_ISSUERS, any -> true);
  }

  /** Where the certificate's status can be asked for over HTTP (RFC 5280 section 4.2.2.1). */
  static Optional<String> ocspAddress(X509Certificate certificate) {
    return address(certificate, OCSP, Extensions::http);
  }

  /** The first address of an access method that is of use. */
  private static Optional<String> address(
      X509Certificate certificate, byte[] method, Predicate<String> usable) {
    try {
      Optional<DerReader> access = extension(certificate, AUTHORITY_ACCESS);
      if (access.isEmpty()) {
        return Optional.empty();
      }
      DerReader descriptions = access.get().enter(DerReader.SEQUENCE);
      while (descriptions.hasNext()) {
        DerReader description = descriptions.enter(DerReader.SEQUENCE);
        if (Arrays.equals(description.content(DerReader.OBJECT_ID), method)
            && description.nextIs(URI_NAME)) {
          String address = new String(description.content(URI_NAME), StandardCharsets.US_ASCII);
          if (usable.test(address)) {
            return Optional.of(address);
          }
        }
      }
      return Optional.empty();
    } catch (InvalidKeySpecException e) {
      return Optional.empty();
    }
  }

  private static boolean http(String address) {
    try {
      URI parsed = new URI(address);
      return parsed.getHost() != null
          && ("http".equalsIgnoreCase(parsed.getScheme())
              || "https".equalsIgnoreCase(parsed.getScheme()));
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /** The identifier of the key that signed this certificate (RFC 5280 section 4.2.1.1). */
  static Optional<byte[]> authorityKey(X509Certificate certificate) {
    try {
      Optional<DerReader> authority = extension(certificate, AUTHORITY_KEY);
      if (authority.isEmpty()) {
        return Optional.empty();
      }
      DerReader fields = authority.get().enter(DerReader.SEQUENCE);
      return fields.nextIs(CONTEXT_PRIMITIVE_0)
          ? Optional.of(fields.content(CONTEXT_PRIMITIVE_0))
          : Optional.empty();
    } catch (InvalidKeySpecException e) {
      return Optional.empty();
    }
  }

  /** The identifier of this certificate's own key (RFC 5280 section 4.2.1.2). */
  static Optional<byte[]> subjectKey(X509Certificate certificate) {
    try {
      Optional<DerReader> own = extension(certificate, SUBJECT_KEY);
      return own.isEmpty()
          ? Optional.empty()
          : Optional.of(own.get().content(DerReader.OCTET_STRING));
    } catch (InvalidKeySpecException e) {
      return Optional.empty();
    }
  }

  private static Optional<DerReader> extension(X509Certificate certificate, String id)
      throws InvalidKeySpecException {
    byte[] wrapped = certificate.getExtensionValue(id);
    return wrapped == null
        ? Optional.empty()
        : Optional.of(DerReader.of(wrapped).enter(DerReader.OCTET_STRING));
  }
}
