package io.lockgate.pki;

import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * What is wrong with a chain that can be served nevertheless. Findings about content are made once;
 * those about the day and the circumstances at each load.
 */
final class ChainLint {
  static final String CHAIN_INCOMPLETE = "chain-incomplete";

  private static final int SHORTEST_RSA_KEY = 2048;
  private static final int[] WARNED_DAYS = {1, 7, 30};
  private static final Pattern INTERMEDIATE_NAME =
      Pattern.compile("\\b(intermediate|issuing|subordinate|sub[ -]?ca)\\b");

  private final EncodedCertificate leaf;
  private final ChainOrder chain;
  private final List<Finding> findings = new ArrayList<>(0);

  private ChainLint(EncodedCertificate leaf, ChainOrder chain) {
    this.leaf = leaf;
    this.chain = chain;
  }

  /** What follows from the certificates alone. */
  static List<Finding> ofContent(EncodedCertificate leaf, ChainOrder chain, SubjectNames names)
      throws CertificateException {
    ChainLint lint = new ChainLint(leaf, chain);
    lint.checkOrder();
    lint.checkCompleteness();
    lint.checkStrength(leaf);
    for (Issuer issuer : chain.issuers()) {
      lint.checkStrength(issuer.encoded());
    }
    lint.checkLeaf(names);
    return List.copyOf(lint.findings);
  }

  /** What follows from the day. */
  static List<Finding> ofDay(Identity identity, Instant now) {
    List<Finding> findings = new ArrayList<>();
    if (now.isBefore(identity.notBefore())) {
      findings.add(
          Finding.warning(
              "not-yet-valid",
              "the certificate is not valid before " + identity.notBefore(),
              "check the clock of this machine"));
    }
    if (now.isAfter(identity.notAfter())) {
      findings.add(
          Finding.warning(
              "expired",
              "the certificate expired at " + identity.notAfter(),
              "renew it: clients refuse it"));
    } else {
      checkNearness(identity.notAfter(), now, findings);
    }
    for (Issuer issuer : identity.issuers()) {
      if (now.isAfter(issuer.encoded().notAfter())) {
        findings.add(
            Finding.warning(
                "issuer-expired",
                "the issuer "
                    + name(issuer.parsed())
                    + " expired at "
                    + issuer.encoded().notAfter(),
                "ask the authority for its present chain"));
      }
    }
    return findings;
  }

  static Finding keyReadableByOthers(Path file) {
    return Finding.warning(
        "key-file-readable",
        "the key file " + file + " can be read by every user of this machine",
        "chmod o-r " + file);
  }

  static Finding mustStapleWithoutStapling() {
    return Finding.warning(
        "must-staple",
        "the certificate promises an OCSP staple (Must-Staple), but stapling is off",
        "set staple = prefer or require, or have the certificate issued without the promise");
  }

  static Finding mustStapleWithoutResponder() {
    return Finding.warning(
        "must-staple-no-responder",
        "the certificate promises an OCSP staple (Must-Staple), but names no OCSP responder to get"
            + " one from; it is served without",
        "have it issued with the responder's address, or without the promise");
  }

  static Finding stapleWithoutIssuer() {
    return Finding.warning(
        "staple-no-issuer",
        "the certificate must be served with an OCSP response, but its chain lacks the issuer, so"
            + " that none can be verified; it will not be served",
        "append the issuer's certificate to the chain file, a root too");
  }

  private static void checkNearness(Instant end, Instant now, List<Finding> findings) {
    long daysLeft = Duration.between(now, end).toDays();
    for (int days : WARNED_DAYS) {
      if (daysLeft < days) {
        String unit = days == 1 ? " day" : " days";
        findings.add(
            Finding.warning(
                "expires-within-" + days + unit.replace(' ', '-'),
                "the certificate expires in less than " + days + unit + ", at " + end,
                "renew it"));
        return;
      }
    }
  }

  private void checkOrder() {
    if (!chain.inOrder()) {
      add(
          "chain-order",
          "the chain is in the wrong order; it is served in the right one",
          "put the leaf first and each issuer after what it issued");
    }
    if (chain.unrelated() > 0) {
      add(
          "chain-unrelated",
          "certificates of the file that do not belong to the chain, not served: "
              + chain.unrelated(),
          "remove them from the file");
    }
  }

  private void checkCompleteness() throws CertificateException {
    if (!chain.issuers().isEmpty()) {
      Issuer last = chain.issuers().get(chain.issuers().size() - 1);
      if (last.belowIntermediate()) {
        addIncomplete(last.encoded());
      }
    } else if (leaf.selfIssued()) {
      add("self-signed", "the certificate is signed by itself: clients must trust it singly", "");
    } else if (Extensions.issuerAddress(leaf).isPresent() || namesIntermediate(leaf.parsed())) {
      // Public authorities write their address into leaves, and never issue those from a root.
      addIncomplete(leaf);
    }
  }

  /**
   * Whether a certificate's issuer calls itself an intermediate, as opposed to a root, which is
   * rightly left out of chains. Where neither it nor its address is at hand, nothing else is left
   * to go by.
   */
  static boolean namesIntermediate(X509Certificate certificate) {
    String issuer = certificate.getIssuerX500Principal().getName().toLowerCase(Locale.ROOT);
    return INTERMEDIATE_NAME.matcher(issuer).find();
  }

  private void addIncomplete(EncodedCertificate last) throws CertificateException {
    add(
        CHAIN_INCOMPLETE,
        "the chain lacks the intermediate certificate \""
            + last.parsed().getIssuerX500Principal().getName()
            + "\"",
        Extensions.issuerAddress(last)
            .map(address -> "append it as PEM; the authority offers it at " + address)
            .orElse("append it as PEM to the chain file"));
  }

  private void checkStrength(EncodedCertificate certificate) throws CertificateException {
    OptionalInt modulus = KeyStrength.rsaBits(certificate);
    if (modulus.isPresent() && modulus.getAsInt() < SHORTEST_RSA_KEY) {
      add(
          "weak-key",
          subject(certificate) + " has an RSA key of only " + modulus.getAsInt() + " bits",
          "clients ask for 2048 or more");
    }
    // A root is trusted for its key; nobody checks its signature.
    if (KeyStrength.weaklySigned(certificate) && !certificate.selfIssued()) {
      add(
          "weak-signature",
          subject(certificate)
              + " is signed with "
              + certificate.parsed().getSigAlgName()
              + ", which clients refuse",
          "have it issued anew");
    }
  }

  private void checkLeaf(SubjectNames names) {
    if (names.dns().isEmpty() && names.addresses().isEmpty()) {
      add(
          "no-subject-alternative-name",
          "the certificate names no host (no DNS name or address as subjectAltName)",
          "clients ignore the common name: have it issued with the host's names");
    }
    if (Extensions.authority(leaf) && !leaf.selfIssued()) {
      add("ca-as-leaf", "the certificate is an authority's, not a server's", "");
    }
    if (!Extensions.forServers(leaf)) {
      add(
          "no-server-auth",
          "the certificate is not meant for servers (extended key usage lacks serverAuth)",
          "");
    }
  }

  private void add(String code, String message, String hint) {
    findings.add(Finding.warning(code, message, hint));
  }

  private String subject(EncodedCertificate certificate) throws CertificateException {
    return certificate.equals(leaf)
        ? "the certificate"
        : "the issuer " + name(certificate.parsed());
  }

  private static String name(X509Certificate certificate) {
    return "\"" + certificate.getSubjectX500Principal().getName() + "\"";
  }
}
