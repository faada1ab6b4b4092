package io.lockgate.admin;

import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * When certificates end, and which have something wrong about their OCSP response.
 *
 * @param horizon how many end within which time; each is counted once, in the nearest
 * @param soonest the first to end
 * @param staples those whose response is missing, stale or says that they are revoked
 * @param illStaples how many those are in all
 */
record CertificateHorizon(
    int count,
    Map<String, Integer> horizon,
    List<Certificate> soonest,
    List<Certificate> staples,
    int illStaples) {
  static final CertificateHorizon NONE = of(List.of());

  private static final int MOST = 12;
  private static final int MOST_HOSTS = 5;

  static CertificateHorizon of(List<CertificateView> all) {
    Map<String, Integer> horizon = new LinkedHashMap<>();
    Arrays.stream(Distance.values()).forEach(d -> horizon.put(Documents.lower(d), 0));
    all.forEach(view -> horizon.merge(Distance.of(view.daysLeft()), 1, Integer::sum));
    return new CertificateHorizon(
        all.size(),
        horizon,
        all.stream()
            .sorted(Comparator.comparing(CertificateView::notAfter))
            .limit(MOST)
            .map(Certificate::of)
            .toList(),
        all.stream().filter(Certificate::ill).limit(MOST).map(Certificate::of).toList(),
        (int) all.stream().filter(Certificate::ill).count());
  }

  private enum Distance {
    EXPIRED(-1),
    WITHIN_1D(0),
    WITHIN_7D(6),
    WITHIN_30D(29),
    WITHIN_90D(89),
    LATER(Long.MAX_VALUE);

    /** Whole days that are left at most. */
    private final long mostDays;

    Distance(long mostDays) {
      this.mostDays = mostDays;
    }

    static String of(long daysLeft) {
      return Arrays.stream(values())
          .filter(distance -> daysLeft <= distance.mostDays)
          .findFirst()
          .map(Documents::lower)
          .orElseThrow();
    }
  }

  /** A certificate, as far as an operator on call cares. */
  record Certificate(
      String name,
      String owner,
      Instant notAfter,
      long daysLeft,
      String staple,
      String lastError,
      List<String> hosts,
      List<String> problems) {
    private static final Set<String> ILL = Set.of("missing", "stale", "revoked");

    static Certificate of(CertificateView view) {
      return new Certificate(
          view.name(),
          view.owner(),
          view.notAfter(),
          view.daysLeft(),
          view.staple(),
          view.ocsp().map(OcspView::lastError).orElse(""),
          view.hosts().stream().limit(MOST_HOSTS).toList(),
          view.problems());
    }

    private static boolean ill(CertificateView view) {
      return ILL.contains(view.staple());
    }
  }
}
