package io.lockgate.pki;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.TestCa;
import io.lockgate.testkit.TestIdentity;
import io.lockgate.testkit.TestKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificateFactsTest {
  private final Instant now = Instant.now();

  @Test
  void showsWhatOperatorsAskFor() {
    TestIdentity issued =
        TestCa.root()
            .leaf("a.example", "127.0.0.1", "spiffe://corp/a")
            .valid(now.minus(Duration.ofDays(1)), now.plus(Duration.ofHours(60)))
            .issue();

    CertificateFacts facts = facts(issued, now);

    assertThat(facts.subject()).isEqualTo("CN=a.example");
    assertThat(facts.issuer()).isEqualTo("CN=Test Root CA");
    assertThat(facts.names()).containsExactly("a.example", "127.0.0.1", "spiffe://corp/a");
    assertThat(facts.serial()).isEqualTo(issued.leaf().getSerialNumber().toString(16));
    assertThat(facts.daysLeft()).isEqualTo(2);
    assertThat(facts.chainComplete()).isTrue();
  }

  @Test
  void countsDaysBelowZeroOnceExpired() {
    assertThat(facts(TestCa.root().leaf("a.example").expired().issue(), now).daysLeft())
        .isNegative();
  }

  @ParameterizedTest
  @CsvSource({"EC_P256, EC P-256", "RSA_2048, RSA 2048", "ED25519, Ed25519"})
  void namesTheKindOfKey(TestKey kind, String shown) {
    TestIdentity issued = TestCa.root().leaf("a.example").key(kind).issue();

    assertThat(facts(issued, now).keyType()).isEqualTo(shown);
  }

  private static CertificateFacts facts(TestIdentity issued, Instant at) {
    Identity identity = Identity.of(issued.chain(), issued.key());
    return CertificateFacts.of(
        new CertificateEntry("www", "www", "www.pem", Optional.empty(), identity, List.of()), at);
  }
}
