package io.lockgate.proxy;

import io.lockgate.alert.Alert;
import io.lockgate.alert.Severity;
import io.lockgate.pki.CertificateEntry;
import io.lockgate.pki.Identity;
import io.lockgate.snapshot.CurrentSnapshot;
import io.lockgate.snapshot.Snapshot;
import io.lockgate.staple.StapleFacts;
import io.lockgate.staple.Stapling;
import io.lockgate.upstream.ServerFigures;
import io.lockgate.upstream.UpstreamPool;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What somebody should be told of whatever the counters say: certificates that end, OCSP responses
 * that are missing, upstreams that are down, a reload that was rejected. On the thread that looks
 * for alerts.
 */
final class StandingAlerts implements Supplier<List<Alert>> {
  private static final Duration CERTIFICATES_EVERY = Duration.ofMinutes(1);

  private final CurrentSnapshot current;
  private final Stapling stapling;
  private final Supplier<Optional<ReloadReport>> lastReload;
  private final Clock clock;
  private List<Alert> ofCertificates = List.of();
  private Instant certificatesSeen = Instant.EPOCH;
  private long generationSeen = -1;

  StandingAlerts(
      CurrentSnapshot current,
      Stapling stapling,
      Supplier<Optional<ReloadReport>> lastReload,
      Clock clock) {
    this.current = current;
    this.stapling = stapling;
    this.lastReload = lastReload;
    this.clock = clock;
  }

  @Override
  public List<Alert> get() {
    Snapshot snapshot = current.get();
    List<Alert> alerts = new ArrayList<>(ofCertificates(snapshot));
    snapshot.pools().values().forEach(pool -> upstream(pool).ifPresent(alerts::add));
    lastReload.get().flatMap(StandingAlerts::reload).ifPresent(alerts::add);
    return alerts;
  }

  /** There may be ten thousand of them, and they end no sooner for being looked at. */
  private List<Alert> ofCertificates(Snapshot snapshot) {
    Instant now = clock.instant();
    if (snapshot.generation() != generationSeen
        || now.isBefore(certificatesSeen)
        || !now.isBefore(certificatesSeen.plus(CERTIFICATES_EVERY))) {
      List<Alert> alerts = new ArrayList<>();
      for (CertificateEntry entry : snapshot.identities().entries()) {
        expiry(entry, now).ifPresent(alerts::add);
        stapling
            .facts(entry.identity())
            .flatMap(facts -> staple(entry.name(), facts))
            .ifPresent(alerts::add);
      }
      ofCertificates = alerts;
      certificatesSeen = now;
      generationSeen = snapshot.generation();
    }
    return ofCertificates;
  }

  /** For certificates that live shortly, bounds are a third and a tenth of their life. */
  static Optional<Alert> expiry(CertificateEntry entry, Instant now) {
    Identity identity = entry.identity();
    Duration left = Duration.between(now, identity.notAfter());
    Duration life = Duration.between(identity.notBefore(), identity.notAfter());
    if (left.compareTo(shorter(Duration.ofDays(1), life.dividedBy(30))) < 0) {
      String ends = left.isNegative() ? "has ended" : "ends in " + left.toHours() + " hours";
      return expiry(entry, "LockgateCertificateEndsInADay", Severity.PAGE, ends);
    }
    String ends = "ends in " + left.toDays() + " days";
    if (left.compareTo(shorter(Duration.ofDays(7), life.dividedBy(10))) < 0) {
      return expiry(entry, "LockgateCertificateEndsInAWeek", Severity.PAGE, ends);
    }
    return left.compareTo(shorter(Duration.ofDays(30), life.dividedBy(3))) < 0
        ? expiry(entry, "LockgateCertificateEndsSoon", Severity.TICKET, ends)
        : Optional.empty();
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static Optional<Alert> expiry(
      CertificateEntry entry, String name, Severity severity, String ends) {
    return Optional.of(
        Alert.of(
            name,
            severity,
            "certificate",
            entry.name(),
            "certificate " + entry.name() + " " + ends,
            "Renew it and reload. If it was renewed on disk, only the reload is missing.",
            Duration.ZERO));
  }

  static Optional<Alert> staple(String certificate, StapleFacts facts) {
    String lastError = facts.lastError().isEmpty() ? "" : " Last error: " + facts.lastError();
    return switch (facts.state()) {
      case "revoked" ->
          Optional.of(
              Alert.of(
                  "LockgateCertificateRevoked",
                  Severity.PAGE,
                  "certificate",
                  certificate,
                  "the responder says that certificate " + certificate + " is revoked",
                  "Replace it: clients that check will not connect.",
                  Duration.ZERO));
      case "missing", "stale" ->
          Optional.of(
              Alert.of(
                  facts.required() ? "LockgateCertificateNotServed" : "LockgateStaplesMissing",
                  facts.required() ? Severity.PAGE : Severity.TICKET,
                  "certificate",
                  certificate,
                  facts.required()
                      ? certificate + " must not be served without an OCSP response, and has none"
                      : "there is no OCSP response for certificate " + certificate,
                  "/certificates has the state of its responder." + lastError,
                  facts.required() ? Duration.ofMinutes(5) : Duration.ofMinutes(30)));
      default -> Optional.empty();
    };
  }

  private static Optional<Alert> upstream(UpstreamPool pool) {
    List<ServerFigures> servers = pool.figures();
    long ill = servers.stream().filter(server -> !server.healthy()).count();
    if (ill == 0) {
      return Optional.empty();
    }
    String error =
        servers.stream()
            .filter(server -> !server.healthy())
            .map(server -> server.address() + ": " + server.error())
            .findFirst()
            .orElse("");
    boolean all = ill == servers.size();
    return Optional.of(
        Alert.of(
            all ? "LockgateNoHealthyServer" : "LockgateServersUnhealthy",
            all ? Severity.PAGE : Severity.TICKET,
            "upstream",
            pool.name(),
            all
                ? "no server of " + pool.name() + " is healthy"
                : ill + " of " + servers.size() + " servers of " + pool.name() + " are not healthy",
            "/upstreams says since when and why. " + error,
            all ? Duration.ofMinutes(1) : Duration.ofMinutes(15)));
  }

  static Optional<Alert> reload(ReloadReport report) {
    return report.result() == ReloadReport.Result.REJECTED && !report.postponed()
        ? Optional.of(
            Alert.of(
                "LockgateReloadRejected",
                Severity.TICKET,
                "trigger",
                report.trigger(),
                "the configuration on disk is not the one that serves",
                "/reloads has the errors, with file and line.",
                Duration.ofMinutes(5)))
        : Optional.empty();
  }
}
