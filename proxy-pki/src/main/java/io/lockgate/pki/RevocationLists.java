package io.lockgate.pki;

import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/**
 * Every list of revoked certificates of a host. Immutable.
 *
 * <p>A list past its nextUpdate goes on being used, with a warning: what it revokes stays revoked,
 * while refusing every client because a file was not fetched in time would make each delay of the
 * authority an outage. An authority without a list has revoked nothing.
 */
final class RevocationLists {
  static final RevocationLists NONE = new RevocationLists(List.of());

  private final List<RevocationList> lists;
  private final String digest;

  RevocationLists(List<RevocationList> lists) {
    this.lists = List.copyOf(lists);
    this.digest = String.join(",", lists.stream().map(RevocationList::digest).sorted().toList());
  }

  /** Equal for the same lists, whatever their order. */
  String digest() {
    return digest;
  }

  boolean revoke(X500Principal issuer, BigInteger serial) {
    for (RevocationList list : lists) {
      if (list.revokes(issuer, serial)) {
        return true;
      }
    }
    return false;
  }

  /** When the first of the lists is overdue. */
  Optional<Instant> nextUpdate() {
    return lists.stream().flatMap(list -> list.nextUpdate().stream()).min(Instant::compareTo);
  }

  List<Finding> lint(TrustBundle trust, Instant now) {
    List<Finding> findings = new ArrayList<>();
    for (RevocationList list : lists) {
      String issuer = '"' + DistinguishedName.text(list.issuer()) + '"';
      if (list.nextUpdate().filter(now::isAfter).isPresent()) {
        findings.add(
            Finding.warning(
                "crl-stale",
                "the revocation list of "
                    + issuer
                    + " should have been replaced at "
                    + list.nextUpdate().get()
                    + "; it goes on being used, and later revocations are not known",
                "fetch the authority's present list"));
      }
      if (now.isBefore(list.thisUpdate())) {
        findings.add(
            Finding.warning(
                "crl-not-yet-valid",
                "the revocation list of " + issuer + " begins at " + list.thisUpdate(),
                "check the clock of this machine"));
      }
    }
    if (!lists.isEmpty()) {
      for (X500Principal authority : trust.subjects()) {
        if (lists.stream().noneMatch(list -> list.issuer().equals(authority))) {
          findings.add(
              Finding.warning(
                  "crl-missing",
                  "there is no revocation list of \""
                      + DistinguishedName.text(authority)
                      + "\": none of its certificates counts as revoked",
                  "add its list to crl"));
        }
      }
    }
    return findings;
  }
}
