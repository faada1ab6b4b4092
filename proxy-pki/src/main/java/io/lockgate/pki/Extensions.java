package io.lockgate.pki;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.spec.InvalidKeySpecException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Predicate;

/** What the extensions of certificates say. One that is damaged counts as absent. */
final class Extensions {
  private static final byte[] TLS_FEATURE = id("2b06010505070118");
  private static final byte[] STATUS_REQUEST = {5};
  private static final byte[] AUTHORITY_ACCESS = id("2b06010505070101");
  private static final byte[] CA_ISSUERS = id("2b06010505073002");
  private static final byte[] OCSP = id("2b06010505073001");
  private static final byte[] AUTHORITY_KEY = id("551d23");
  private static final byte[] SUBJECT_KEY = id("551d0e");
  private static final byte[] BASIC_CONSTRAINTS = id("551d13");
  private static final byte[] EXTENDED_KEY_USAGE = id("551d25");
  private static final byte[] SERVER_AUTH = id("2b06010505070301");
  private static final byte[] ANY_PURPOSE = id("551d2500");
  private static final int CONTEXT_PRIMITIVE_0 = 0x80;
  private static final int URI_NAME = 0x86;

  private Extensions() {}

  /** Whether the TLS feature extension asks for {@code status_request} (RFC 7633). */
  static boolean mustStaple(EncodedCertificate certificate) {
    try {
      Optional<DerReader> features = certificate.extension(TLS_FEATURE);
      if (features.isEmpty()) {
        return false;
      }
      DerReader list = features.get().enter(DerReader.SEQUENCE);
      while (list.hasNext()) {
        if (list.enter(DerReader.INTEGER).restIs(STATUS_REQUEST)) {
          return true;
        }
      }
      return false;
    } catch (InvalidKeySpecException e) {
      return false;
    }
  }

  /** Where the issuer's certificate can be had (RFC 5280 section 4.2.2.1). */
  static Optional<String> issuerAddress(EncodedCertificate certificate) {
    return address(certificate, CA_ISSUERS, any -> true);
  }

  /** Where the certificate's status can be asked for over HTTP (RFC 5280 section 4.2.2.1). */
  static Optional<String> ocspAddress(EncodedCertificate certificate) {
    return address(certificate, OCSP, Extensions::http);
  }

  /** The first address of an access method that is of use. */
  private static Optional<String> address(
      EncodedCertificate certificate, byte[] method, Predicate<String> usable) {
    try {
      Optional<DerReader> access = certificate.extension(AUTHORITY_ACCESS);
      if (access.isEmpty()) {
        return Optional.empty();
      }
      DerReader descriptions = access.get().enter(DerReader.SEQUENCE);
      while (descriptions.hasNext()) {
        DerReader description = descriptions.enter(DerReader.SEQUENCE);
        boolean asked = description.enter(DerReader.OBJECT_ID).restIs(method);
        if (asked && description.nextIs(URI_NAME)) {
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
  static Optional<byte[]> authorityKey(EncodedCertificate certificate) {
    try {
      Optional<DerReader> authority = certificate.extension(AUTHORITY_KEY);
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
  static Optional<byte[]> subjectKey(EncodedCertificate certificate) {
    try {
      Optional<DerReader> own = certificate.extension(SUBJECT_KEY);
      return own.isEmpty()
          ? Optional.empty()
          : Optional.of(own.get().content(DerReader.OCTET_STRING));
    } catch (InvalidKeySpecException e) {
      return Optional.empty();
    }
  }

  /** Whether it is an authority's (RFC 5280 section 4.2.1.9). */
  static boolean authority(EncodedCertificate certificate) {
    try {
      Optional<DerReader> constraints = certificate.extension(BASIC_CONSTRAINTS);
      if (constraints.isEmpty()) {
        return false;
      }
      DerReader fields = constraints.get().enter(DerReader.SEQUENCE);
      return fields.nextIs(DerReader.BOOLEAN) && fields.content(DerReader.BOOLEAN)[0] != 0;
    } catch (InvalidKeySpecException | ArrayIndexOutOfBoundsException e) {
      return false;
    }
  }

  /** Whether it may be a server's: not limited to other purposes (RFC 5280 section 4.2.1.12). */
  static boolean forServers(EncodedCertificate certificate) {
    try {
      Optional<DerReader> usage = certificate.extension(EXTENDED_KEY_USAGE);
      if (usage.isEmpty()) {
        return true;
      }
      DerReader purposes = usage.get().enter(DerReader.SEQUENCE);
      while (purposes.hasNext()) {
        DerReader purpose = purposes.enter(DerReader.OBJECT_ID);
        if (purpose.restIs(SERVER_AUTH) || purpose.restIs(ANY_PURPOSE)) {
          return true;
        }
      }
      return false;
    } catch (InvalidKeySpecException e) {
      return true;
    }
  }

  private static byte[] id(String hex) {
    return HexFormat.of().parseHex(hex);
  }
}
