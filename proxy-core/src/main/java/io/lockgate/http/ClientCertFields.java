package io.lockgate.http;

import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * What upstreams are told of the certificate that the client has proved to own: Client-Cert,
 * Client-Cert-Chain (RFC 9440) and X-Forwarded-Client-Cert. What anybody else says under these
 * names is removed from every request, trusted proxies included. Immutable; one per connection.
 */
public final class ClientCertFields {
  /** Tells nothing, and lets nobody else tell anything. */
  public static final ClientCertFields NONE =
      new ClientCertFields(Optional.empty(), Optional.empty(), Optional.empty());

  private final Optional<AsciiBytes> certificate;
  private final Optional<AsciiBytes> issuers;
  private final Optional<AsciiBytes> forwarded;

  private ClientCertFields(
      Optional<AsciiBytes> certificate,
      Optional<AsciiBytes> issuers,
      Optional<AsciiBytes> forwarded) {
    this.certificate = certificate;
    this.issuers = issuers;
    this.forwarded = forwarded;
  }

  /**
   * With Client-Cert, and Client-Cert-Chain where there are issuers.
   *
   * @param der of the certificate
   * @param issuersDer of the intermediates, in the order in which they were shown
   */
  public ClientCertFields withCertificate(byte[] der, List<byte[]> issuersDer) {
    List<String> chain = issuersDer.stream().map(ClientCertFields::byteSequence).toList();
    return new ClientCertFields(
        Optional.of(AsciiBytes.of(byteSequence(der))),
        chain.isEmpty() ? Optional.empty() : Optional.of(AsciiBytes.of(String.join(", ", chain))),
        forwarded);
  }

  /** With X-Forwarded-Client-Cert. */
  public ClientCertFields withForwarded(String value) {
    return new ClientCertFields(certificate, issuers, Optional.of(AsciiBytes.of(value)));
  }

  void apply(FieldSection fields) {
    fields.removeAll(FieldSet.CLIENT_CERTIFICATE);
    if (certificate.isPresent()) {
      fields.append(FieldName.CLIENT_CERT, certificate.get());
    }
    if (issuers.isPresent()) {
      fields.append(FieldName.CLIENT_CERT_CHAIN, issuers.get());
    }
    if (forwarded.isPresent()) {
      fields.append(FieldName.X_FORWARDED_CLIENT_CERT, forwarded.get());
    }
  }

  /** RFC 8941 section 3.3.5. */
  private static String byteSequence(byte[] bytes) {
    return ":" + Base64.getEncoder().encodeToString(bytes) + ":";
  }
}
