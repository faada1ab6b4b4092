package io.lockgate.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.alert.Alert;
import io.lockgate.alert.Severity;
import io.lockgate.pki.CertificateEntry;
import io.lockgate.pki.Identity;
import io.lockgate.staple.StapleFacts;
import io.lockgate.testkit.TestCa;
import io.lockgate.testkit.TestIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody should be told of, whatever the counters say. */
class StandingAlertsTest {
  private static final Instant BEGIN = Instant.parse("2030-01-01T00:00:00Z");
  private static final TestCa CA = TestCa.root();

  @ParameterizedTest
  @CsvSource({
    "365d, 40d, none, none",
    "365d, 29d, LockgateCertificateEndsSoon, TICKET",
    "365d, 6d, LockgateCertificateEndsInAWeek, PAGE",
    "365d, 23h, LockgateCertificateEndsInADay, PAGE",
    "365d, -1h, LockgateCertificateEndsInADay, PAGE"
  })
  void certificateThatEndsIsToldOfTheMoreUrgentlyTheNearerItsEndIs(
      String life, String left, String name, String severity) {
    Optional<Alert> alert = expiry(time(life), time(left));

    assertThat(alert.map(Alert::name).orElse("none")).isEqualTo(name);
    assertThat(alert.map(a -> a.severity().name()).orElse("none")).isEqualTo(severity);
  }

  @ParameterizedTest
  @CsvSource({
    "6d, 3d, none",
    "6d, 47h, LockgateCertificateEndsSoon",
    "6d, 14h, LockgateCertificateEndsInAWeek",
    "6d, 4h, LockgateCertificateEndsInADay"
  })
  void boundsOfACertificateThatLivesShortlyAreSharesOfItsLife(
      String life, String left, String name) {
    assertThat(expiry(time(life), time(left)).map(Alert::name).orElse("none")).isEqualTo(name);
  }

  @Test
  void expiryNamesTheCertificate() {
    Alert alert = expiry(Duration.ofDays(365), Duration.ofDays(6)).orElseThrow();

    assertThat(alert.labels()).containsEntry("certificate", "www");
    assertThat(alert.summary()).isEqualTo("certificate www ends in 6 days");
    assertThat(expiry(Duration.ofDays(365), Duration.ofDays(-1)).orElseThrow().summary())
        .isEqualTo("certificate www has ended");
  }

  @ParameterizedTest
  @CsvSource({
    "good, false, none",
    "good, true, none",
    "revoked, false, LockgateCertificateRevoked",
    "missing, false, LockgateStaplesMissing",
    "stale, false, LockgateStaplesMissing",
    "missing, true, LockgateCertificateNotServed",
    "stale, true, LockgateCertificateNotServed"
  })
  void ocspResponsesAreToldOfByWhatTheyMeanForClients(String state, boolean required, String name) {
    assertThat(staple(state, required, "").map(Alert::name).orElse("none")).isEqualTo(name);
  }

  @Test
  void missingResponseIsUrgentOnlyWhereNothingIsServedWithoutIt() {
    assertThat(staple("missing", true, "").orElseThrow().severity()).isEqualTo(Severity.PAGE);
    assertThat(staple("missing", false, "").orElseThrow().severity()).isEqualTo(Severity.TICKET);
    assertThat(staple("missing", true, "").orElseThrow().patience())
        .isLessThan(staple("missing", false, "").orElseThrow().patience());
  }

  @Test
  void missingResponseTellsWhyItCouldNotBeFetched() {
    assertThat(staple("missing", false, "connection refused").orElseThrow().description())
        .contains("connection refused");
  }

  @Test
  void rejectedReloadIsToldOf() {
    Alert alert = StandingAlerts.reload(reload(ReloadReport.Result.REJECTED)).orElseThrow();

    assertThat(alert.name()).isEqualTo("LockgateReloadRejected");
    assertThat(alert.labels()).containsEntry("trigger", "SIGHUP");
  }

  @ParameterizedTest
  @ValueSource(strings = {"APPLIED", "UNCHANGED"})
  void otherReloadsAreNot(ReloadReport.Result result) {
    assertThat(StandingAlerts.reload(reload(result))).isEmpty();
  }

  private static Optional<Alert> expiry(Duration life, Duration left) {
    TestIdentity issued = CA.leaf("www.example.com").valid(BEGIN, BEGIN.plus(life)).issue();
    Identity identity = Identity.of(issued.chain(), issued.key());
    CertificateEntry entry =
        new CertificateEntry("www", "www", "www.pem", Optional.empty(), identity, List.of());
    return StandingAlerts.expiry(entry, BEGIN.plus(life).minus(left));
  }

  private static Optional<Alert> staple(String state, boolean required, String lastError) {
    StapleFacts facts =
        new StapleFacts(
            state,
            required,
            "http://ocsp.example",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            lastError);
    return StandingAlerts.staple("www", facts);
  }

  private static ReloadReport reload(ReloadReport.Result result) {
    return new ReloadReport(2, BEGIN, Duration.ofMillis(5), "SIGHUP", result, List.of(), List.of());
  }

  private static Duration time(String text) {
    long number = Long.parseLong(text.substring(0, text.length() - 1));
    return text.endsWith("d") ? Duration.ofDays(number) : Duration.ofHours(number);
  }
}
