package io.lockgate.pki;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Puts the certificates of a file into the order that TLS asks for: each certifies the one before
 * it (RFC 8446 section 4.4.2). Goes by names and key identifiers; signatures are left to clients,
 * since checking them would double the time of a start.
 *
 * @param issuers above the leaf, in order
 * @param inOrder whether the file had them so
 * @param unrelated how many certificates of the file had no place
 */
record ChainOrder(List<Issuer> issuers, boolean inOrder, int unrelated) {
  static ChainOrder of(X509Certificate leaf, List<Issuer> found, boolean leafWasFirst) {
    Set<Issuer> left = new LinkedHashSet<>(found);
    left.removeIf(issuer -> issuer.parsed().equals(leaf));
    List<Issuer> ordered = new ArrayList<>();
    X509Certificate below = leaf;
    Optional<Issuer> next = above(below, left);
    while (next.isPresent()) {
      ordered.add(next.get());
      left.remove(next.get());
      below = next.get().parsed();
      next = above(below, left);
    }
    boolean inOrder = leafWasFirst && found.subList(0, ordered.size()).equals(ordered);
    return new ChainOrder(List.copyOf(ordered), inOrder, found.size() - ordered.size());
  }

  static boolean selfIssued(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
  }

  private static Optional<Issuer> above(X509Certificate certificate, Set<Issuer> candidates) {
    if (selfIssued(certificate)) {
      return Optional.empty();
    }
    return candidates.stream().filter(issuer -> issued(issuer.parsed(), certificate)).findFirst();
  }

  private static boolean issued(X509Certificate issuer, X509Certificate certificate) {
    if (!issuer.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
      return false;
    }
    Optional<byte[]> wanted = Extensions.authorityKey(certificate);
    Optional<byte[]> own = Extensions.subjectKey(issuer);
    return wanted.isEmpty() || own.isEmpty() || Arrays.equals(wanted.get(), own.get());
  }
}
