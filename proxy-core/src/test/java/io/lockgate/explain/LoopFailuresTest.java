package io.lockgate.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.ManualClock;
import io.lockgate.tls.FailedHandshake;
import io.lockgate.tls.HandshakeFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LoopFailuresTest {
  private final ManualClock clock = new ManualClock(Instant.EPOCH);
  private final LoopFailures failures = new LoopFailures(clock, new FailureLog());

  private void fail(String host, HandshakeFailure failure, String address) {
    clock.advance(Duration.ofMillis(10));
    failures.handshakeFailed(
        new FailedHandshake("https", host, failure, address, "It failed.", Optional.empty()));
  }

  private List<RecordedFailure> all() {
    List<RecordedFailure> all = new ArrayList<>();
    failures.forEach(all::add);
    return all;
  }

  private List<String> addresses(HandshakeFailure failure) {
    return all().stream()
        .filter(recorded -> recorded.latest().failure() == failure)
        .map(recorded -> recorded.latest().clientAddress())
        .toList();
  }

  @Test
  void clientThatFailsAgainTakesOnePlaceAndIsCounted() {
    for (int i = 0; i < 1_000; i++) {
      fail("www", HandshakeFailure.PROTOCOL_VERSION, "192.0.2.1");
    }
    assertThat(all()).hasSize(1);
    assertThat(all().get(0).count()).isEqualTo(1_000);
    assertThat(Duration.between(all().get(0).first(), all().get(0).last()))
        .isEqualTo(Duration.ofMillis(9_990));
  }

  @Test
  void scannersOfAThousandAddressesDoNotPushOutACustomer() {
    fail("www", HandshakeFailure.CLIENT_CERTIFICATE_EXPIRED, "198.51.100.7");
    fail("www", HandshakeFailure.CLIENT_CERTIFICATE_UNTRUSTED, "198.51.100.8");
    for (int i = 0; i < 1_000; i++) {
      fail("www", HandshakeFailure.PROTOCOL_VERSION, "192.0.2." + i);
    }
    assertThat(all()).hasSize(LoopFailures.PLACES);
    assertThat(addresses(HandshakeFailure.CLIENT_CERTIFICATE_EXPIRED))
        .containsExactly("198.51.100.7");
    assertThat(addresses(HandshakeFailure.CLIENT_CERTIFICATE_UNTRUSTED))
        .containsExactly("198.51.100.8");
    assertThat(addresses(HandshakeFailure.PROTOCOL_VERSION)).contains("192.0.2.999");
  }

  @Test
  void rareReasonFindsAPlaceAmongFrequentOnes() {
    for (int i = 0; i < 100; i++) {
      fail("www", HandshakeFailure.PROTOCOL_VERSION, "192.0.2." + i);
    }
    fail("www", HandshakeFailure.NO_SHARED_GROUP, "198.51.100.7");
    assertThat(addresses(HandshakeFailure.NO_SHARED_GROUP)).containsExactly("198.51.100.7");
  }

  @Test
  void hostsAreFewAndTheOneThatFailedLastStays() {
    fail("other", HandshakeFailure.NOT_TLS, "192.0.2.1");
    for (int i = 0; i < 2_000; i++) {
      fail("host" + i, HandshakeFailure.CIPHER_MISMATCH, "192.0.2.1");
    }
    List<String> hosts = all().stream().map(recorded -> recorded.latest().host()).toList();
    assertThat(hosts).hasSizeLessThanOrEqualTo(LoopFailures.MOST_HOSTS);
    assertThat(hosts).contains("host1999", "other").doesNotContain("host0");
  }
}
