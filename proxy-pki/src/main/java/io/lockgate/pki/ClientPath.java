package io.lockgate.pki;

import io.lockgate.pki.ClientRefusal.Reason;
import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;

/** From a client's certificate to an authority that is trusted (RFC 5280 section 6). Pure. */
final class ClientPath {
  /** Certificates of a client that are looked at; bounds what a stranger can make us try. */
  static final int MOST_SHOWN = 10;

  private ClientPath() {}

  /**
   * @param path from the client's certificate upwards, without the one that is trusted; empty with
   *     a refusal
   */
  record Outcome(List<X509Certificate> path, Optional<ClientRefusal> refusal) {}

  /** The authority at the end of the path must be valid now, too. */
  static Outcome find(List<X509Certificate> shown, TrustBundle trust, Instant now) {
    X509Certificate leaf = shown.get(0);
    if (shown.size() > MOST_SHOWN) {
      return refused(
          Reason.UNTRUSTED, "The client shows " + shown.size() + " certificates, too many.");
    }
    if (trust.holds(leaf)) {
      return ofDay(List.of(leaf), leaf, now);
    }
    try {
      // As of a day within the leaf's life, so that its date is told apart from all else.
      PKIXCertPathBuilderResult result = build(shown, trust, withinLife(leaf, now));
      List<X509Certificate> path = certificates(result.getCertPath());
      return ofDay(path, result.getTrustAnchor().getTrustedCert(), now);
    } catch (GeneralSecurityException e) {
      return noPath(shown, trust, now);
    }
  }

  /**
   * The same path for certificates that {@link #find} has accepted before: by names alone, no
   * signature is checked.
   */
  static List<X509Certificate> walk(List<X509Certificate> shown, TrustBundle trust) {
    List<X509Certificate> path = new ArrayList<>();
    X509Certificate at = shown.get(0);
    path.add(at);
    if (trust.holds(at)) {
      return path;
    }
    while (!trust.names(at.getIssuerX500Principal()) && path.size() < shown.size()) {
      Optional<X509Certificate> issuer = issuerOf(at, shown);
      if (issuer.isEmpty() || path.contains(issuer.get())) {
        return path;
      }
      at = issuer.get();
      path.add(at);
    }
    return path;
  }

  private static Optional<X509Certificate> issuerOf(
      X509Certificate certificate, List<X509Certificate> shown) {
    return shown.stream()
        .skip(1)
        .filter(c -> c.getSubjectX500Principal().equals(certificate.getIssuerX500Principal()))
        .findFirst();
  }

  private static PKIXCertPathBuilderResult build(
      List<X509Certificate> shown, TrustBundle trust, Instant day) throws GeneralSecurityException {
    X509CertSelector target = new X509CertSelector();
    target.setCertificate(shown.get(0));
    PKIXBuilderParameters parameters = new PKIXBuilderParameters(trust.anchors(), target);
    parameters.setRevocationEnabled(false); // by our own lists, which may be overdue
    parameters.setDate(Date.from(day));
    parameters.addCertStore(
        CertStore.getInstance("Collection", new CollectionCertStoreParameters(shown)));
    return (PKIXCertPathBuilderResult) CertPathBuilder.getInstance("PKIX").build(parameters);
  }

  private static Instant withinLife(X509Certificate leaf, Instant now) {
    Instant from = leaf.getNotBefore().toInstant();
    Instant until = leaf.getNotAfter().toInstant();
    return now.isBefore(from) ? from : now.isAfter(until) ? until : now;
  }

  private static Outcome ofDay(List<X509Certificate> path, X509Certificate anchor, Instant now) {
    X509Certificate leaf = path.get(0);
    if (now.isAfter(leaf.getNotAfter().toInstant())) {
      return refused(
          Reason.EXPIRED, name(leaf) + " expired at " + leaf.getNotAfter().toInstant() + ".");
    }
    if (now.isBefore(leaf.getNotBefore().toInstant())) {
      return refused(
          Reason.NOT_YET_VALID,
          name(leaf) + " is not valid before " + leaf.getNotBefore().toInstant() + ".");
    }
    return now.isAfter(anchor.getNotAfter().toInstant()) ? issuerExpired(anchor) : found(path);
  }

  /** Why there is no path: an intermediate out of date is not the same as a stranger. */
  private static Outcome noPath(List<X509Certificate> shown, TrustBundle trust, Instant now) {
    List<X509Certificate> walked = walk(shown, trust);
    for (X509Certificate issuer : walked.subList(1, walked.size())) {
      if (now.isAfter(issuer.getNotAfter().toInstant())) {
        return issuerExpired(issuer);
      }
    }
    X509Certificate last = walked.get(walked.size() - 1);
    String issuer = DistinguishedName.text(last.getIssuerX500Principal());
    return refused(
        Reason.UNTRUSTED,
        trust.names(last.getIssuerX500Principal())
            ? name(shown.get(0)) + " was not issued by the trusted " + issuer + " whom it names."
            : name(shown.get(0)) + " leads to " + issuer + ", who is not trusted.");
  }

  private static Outcome issuerExpired(X509Certificate issuer) {
    return refused(
        Reason.EXPIRED,
        "The issuer "
            + DistinguishedName.text(issuer.getSubjectX500Principal())
            + " expired at "
            + issuer.getNotAfter().toInstant()
            + ".");
  }

  private static Outcome found(List<X509Certificate> path) {
    return new Outcome(List.copyOf(path), Optional.empty());
  }

  private static Outcome refused(Reason reason, String detail) {
    return new Outcome(List.of(), Optional.of(new ClientRefusal(reason, detail)));
  }

  private static List<X509Certificate> certificates(CertPath path) {
    List<X509Certificate> certificates = new ArrayList<>();
    path.getCertificates().forEach(c -> certificates.add((X509Certificate) c));
    return certificates;
  }

  private static String name(X509Certificate certificate) {
    return "The certificate of " + DistinguishedName.text(certificate.getSubjectX500Principal());
  }
}
