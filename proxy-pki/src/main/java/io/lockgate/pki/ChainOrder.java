package io.lockgate.pki;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
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
  static ChainOrder of(EncodedCertificate leaf, List<Issuer> found, boolean leafWasFirst) {
    Set<Issuer> left = new LinkedHashSet<>(found);
    left.removeIf(issuer -> issuer.encoded().equals(leaf));
    List<Issuer> ordered = new ArrayList<>(found.size());
    if (!leaf.selfIssued()) {
      Issuer next = issuerOf(leaf, left);
      while (next != null) {
        ordered.add(next);
        left.remove(next);
        next = next.selfIssued() ? null : issuerOf(next.encoded(), left);
      }
    }
    boolean inOrder = leafWasFirst && found.subList(0, ordered.size()).equals(ordered);
    return new ChainOrder(List.copyOf(ordered), inOrder, found.size() - ordered.size());
  }

  private static Issuer issuerOf(EncodedCertificate certificate, Set<Issuer> candidates) {
    for (Issuer candidate : candidates) {
      if (candidate.issued(certificate)) {
        return candidate;
      }
    }
    return null;
  }
}
