package io.lockgate.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificateHorizonTest {
  private static final Instant NOW = Instant.parse("2026-11-23T09:08:07Z");

  @ParameterizedTest
  @CsvSource({
    "-1, expired",
    "0, within_1d",
    "1, within_7d",
    "6, within_7d",
    "7, within_30d",
    "29, within_30d",
    "30, within_90d",
    "89, within_90d",
    "90, later"
  })
  void countsEachCertificateInTheNearestTime(long daysLeft, String band) {
    CertificateHorizon horizon = CertificateHorizon.of(List.of(certificate("a", daysLeft, "good")));

    assertThat(horizon.horizon()).containsEntry(band, 1);
    assertThat(horizon.horizon().values().stream().mapToInt(n -> n).sum()).isEqualTo(1);
  }

  @Test
  void namesTheFirstToEndFirst() {
    CertificateHorizon horizon =
        CertificateHorizon.of(
            List.of(certificate("late", 80, "good"), certificate("soon", 3, "good")));

    assertThat(horizon.soonest())
        .extracting(CertificateHorizon.Certificate::name)
        .containsExactly("soon", "late");
  }

  @ParameterizedTest
  @CsvSource({"good, 0", "off, 0", "not_applicable, 0", "missing, 1", "stale, 1", "revoked, 1"})
  void namesThoseWhoseOcspResponseIsNotAsItShouldBe(String staple, int ill) {
    CertificateHorizon horizon = CertificateHorizon.of(List.of(certificate("a", 80, staple)));

    assertThat(horizon.illStaples()).isEqualTo(ill);
    assertThat(horizon.staples()).hasSize(ill);
  }

  private static CertificateView certificate(String name, long daysLeft, String staple) {
    return new CertificateView(
        name,
        "",
        "CN=" + name,
        List.of(name),
        "CN=Test",
        "0a",
        "EC P-256",
        NOW,
        NOW.plus(Duration.ofDays(daysLeft)),
        daysLeft,
        true,
        staple,
        Optional.empty(),
        List.of(name),
        Optional.empty(),
        List.of());
  }
}
