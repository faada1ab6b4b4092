package io.lockgate.pki;

import io.lockgate.pki.ServerRefusal.Reason;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides about the certificates of the servers that are known by one name: a path to a trusted
 * authority (RFC 5280), the purpose, the name (RFC 9525), the pins. What it has accepted it accepts
 * again without looking, until the certificates expire. Takes a millisecond or two otherwise: not
 * for event loops. Any number of threads share one.
 */
public final class ServerVerifier {
  private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
  private static final String ANY_PURPOSE = "2.5.29.37.0";
  private static final int MOST_REMEMBERED = 64;

  private final ReferenceName name;
  private final Optional<ServerTrust> trust;
  private final List<String> pins;
  private final Clock clock;

  /** By the digest of a chain: until when it is known to be good. Guarded by itself. */
  private final Map<ByteBuffer, Instant> accepted =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Instant> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  /**
   * @param trust empty where the certificate need not be verified beyond its pins
   * @param pins hex SHA-256 of public keys, of which the server must have one; empty for any
   */
  public ServerVerifier(
      ReferenceName name, Optional<ServerTrust> trust, List<String> pins, Clock clock) {
    this.name = name;
    this.trust = trust;
    this.pins = List.copyOf(pins);
    this.clock = clock;
  }

  /**
   * @param shown by the server, its own certificate first
   * @return empty where it is accepted
   */
  public Optional<ServerRefusal> verify(List<X509Certificate> shown) {
    if (trust.isEmpty() && pins.isEmpty()) {
      return Optional.empty();
    }
    if (shown.isEmpty()) {
      return refused(Reason.MALFORMED, "the server shows no certificate");
    }
    try {
      ByteBuffer digest = digest(shown);
      Instant now = clock.instant();
      if (isKnown(digest, now)) {
        return Optional.empty();
      }
      Optional<ServerRefusal> refusal = decide(shown, now);
      if (refusal.isEmpty()) {
        remember(digest, shown);
      }
      return refusal;
    } catch (GeneralSecurityException e) {
      return refused(Reason.MALFORMED, "the server's certificate cannot be read: " + said(e));
    }
  }

  private boolean isKnown(ByteBuffer digest, Instant now) {
    synchronized (accepted) {
      Instant until = accepted.get(digest);
      return until != null && now.isBefore(until);
    }
  }

  private void remember(ByteBuffer digest, List<X509Certificate> shown) {
    Instant until = Instant.MAX;
    for (X509Certificate certificate : shown) {
      Instant end = certificate.getNotAfter().toInstant();
      until = end.isBefore(until) ? end : until;
    }
    synchronized (accepted) {
      accepted.put(digest, until);
    }
  }

  private Optional<ServerRefusal> decide(List<X509Certificate> shown, Instant now)
      throws GeneralSecurityException {
    Optional<ServerRefusal> refusal = Optional.empty();
    if (trust.isPresent()) {
      X509Certificate leaf = shown.get(0);
      refusal = time(leaf, now);
      refusal = refusal.isPresent() ? refusal : path(shown, trust.get(), now);
      refusal = refusal.isPresent() ? refusal : purpose(leaf);
      refusal = refusal.isPresent() ? refusal : name(leaf);
    }
    return refusal.isPresent() ? refusal : pin(shown.get(0));
  }

  private static Optional<ServerRefusal> time(X509Certificate leaf, Instant now) {
    if (now.isAfter(leaf.getNotAfter().toInstant())) {
      return refused(
          Reason.EXPIRED, "the server's certificate expired at " + leaf.getNotAfter().toInstant());
    }
    if (now.isBefore(leaf.getNotBefore().toInstant())) {
      return refused(
          Reason.NOT_YET_VALID,
          "the server's certificate is not valid before " + leaf.getNotBefore().toInstant());
    }
    return Optional.empty();
  }

  private static Optional<ServerRefusal> path(
      List<X509Certificate> shown, ServerTrust trust, Instant now) throws GeneralSecurityException {
    if (trust.holds(shown.get(0))) {
      return Optional.empty(); // trusted itself, be it an authority or not
    }
    if (trust.anchors().isEmpty()) {
      return refused(Reason.UNTRUSTED, "no authority is trusted");
    }
    X509CertSelector leaf = new X509CertSelector();
    leaf.setCertificate(shown.get(0));
    PKIXBuilderParameters parameters = new PKIXBuilderParameters(trust.anchors(), leaf);
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(now));
    parameters.addCertStore(
        CertStore.getInstance("Collection", new CollectionCertStoreParameters(shown)));
    try {
      CertPathBuilder.getInstance("PKIX").build(parameters);
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      return Optional.of(untrusted(e, shown));
    }
  }

  private static ServerRefusal untrusted(Throwable failure, List<X509Certificate> shown) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertPathValidatorException invalid
          && invalid.getReason() == BasicReason.EXPIRED) {
        return new ServerRefusal(
            Reason.EXPIRED, "a certificate between the server's and its authority has expired");
      }
    }
    X509Certificate last = shown.get(shown.size() - 1);
    return new ServerRefusal(
        Reason.UNTRUSTED,
        "no trusted authority has issued the server's certificate (issuer "
            + said(last.getIssuerX500Principal().getName())
            + ")");
  }

  private static Optional<ServerRefusal> purpose(X509Certificate leaf)
      throws CertificateParsingException {
    List<String> purposes = leaf.getExtendedKeyUsage();
    return purposes == null || purposes.contains(SERVER_AUTH) || purposes.contains(ANY_PURPOSE)
        ? Optional.empty()
        : refused(Reason.WRONG_PURPOSE, "the server's certificate is not one for servers");
  }

  private Optional<ServerRefusal> name(X509Certificate leaf) throws CertificateException {
    SubjectNames names = SubjectNames.of(EncodedCertificate.of(leaf.getEncoded()));
    return name.isCoveredBy(names)
        ? Optional.empty()
        : refused(
            Reason.WRONG_NAME,
            "the server's certificate does not cover "
                + name.text()
                + ": it "
                + ReferenceName.listed(names));
  }

  private Optional<ServerRefusal> pin(X509Certificate leaf) throws GeneralSecurityException {
    if (pins.isEmpty()) {
      return Optional.empty();
    }
    byte[] key = MessageDigest.getInstance("SHA-256").digest(leaf.getPublicKey().getEncoded());
    String hex = HexFormat.of().formatHex(key);
    return pins.contains(hex)
        ? Optional.empty()
        : refused(Reason.PIN_MISMATCH, "the server's public key sha256:" + hex + " is not pinned");
  }

  private static ByteBuffer digest(List<X509Certificate> shown) throws GeneralSecurityException {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    for (X509Certificate certificate : shown) {
      sha256.update(encoded(certificate));
    }
    return ByteBuffer.wrap(sha256.digest());
  }

  private static byte[] encoded(X509Certificate certificate) throws CertificateException {
    return certificate.getEncoded();
  }

  private static Optional<ServerRefusal> refused(Reason reason, String sentence) {
    return Optional.of(new ServerRefusal(reason, sentence));
  }

  private static String said(Throwable failure) {
    return said(String.valueOf(failure.getMessage()));
  }

  /** What a stranger wrote, made fit for a line of log. */
  private static String said(String text) {
    String cut = text.length() > 160 ? text.substring(0, 160) + "..." : text;
    return cut.replaceAll("[^ -~]", "?");
  }
}
