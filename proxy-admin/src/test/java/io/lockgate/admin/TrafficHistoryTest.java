package io.lockgate.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lockgate.metrics.LoopMetrics;
import io.lockgate.metrics.ProxyMetrics;
import io.lockgate.tls.FailedHandshake;
import io.lockgate.tls.HandshakeFailure;
import io.lockgate.tls.TlsFacts;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrafficHistoryTest {
  private static final Optional<String> ALL = Optional.empty();

  private final ProxyMetrics metrics = new ProxyMetrics(1, List.of());
  private final LoopMetrics loop = metrics.forLoop(0);
  private Instant now = Instant.ofEpochSecond(1_000_000);
  private final TrafficHistory history = new TrafficHistory(TrafficReading.NOTHING, now);

  @Test
  void knowsNothingBeforeTheFirstSample() {
    assertThat(history.points(ALL).orElseThrow().times()).isEmpty();
    assertThat(history.total().requestSuccessHour()).isEmpty();
    assertThat(history.total().requestP99()).isEmpty();
    assertThat(history.hosts()).isEmpty();
  }

  @Test
  void tellsRatesOfTheLastSample() {
    requests("a", 30, 200);
    sample();
    requests("a", 50, 200);
    sample();

    assertThat(history.total().requestsPerSecond()).isEqualTo(5.0);
    assertThat(history.points(ALL).orElseThrow().requests()).containsExactly(30, 50);
  }

  @Test
  void tellsSharesOfFiveMinutesAndOfAnHour() {
    requests("a", 100, 503);
    sample();
    samplesWithout(30);
    requests("a", 300, 200);
    sample();

    assertThat(history.total().requestSuccess()).contains(1.0);
    assertThat(history.total().requestSuccessHour()).contains(0.75);
  }

  @Test
  void forgetsAfterAnHour() {
    requests("a", 100, 503);
    sample();
    samplesWithout(TrafficSeries.LENGTH);

    assertThat(history.total().requestSuccessHour()).isEmpty();
    assertThat(history.points(ALL).orElseThrow().times()).hasSize(TrafficSeries.LENGTH);
    assertThat(history.points(ALL).orElseThrow().requests()).containsOnly(0);
  }

  @Test
  void whoAsksForNoHostOfOursCountsInNoTotal() {
    requests("other", 10, 503);
    requests("a", 10, 200);
    sample();

    assertThat(history.total().requestSuccessHour()).contains(1.0);
    assertThat(history.hosts()).extracting(TrafficHistory.Rates::host).contains("other", "a");
  }

  @Test
  void handshakesCountAsTheServiceLevelDoes() {
    handshakes("a", 9);
    fail("a", HandshakeFailure.PROTOCOL_VERSION);
    fail("a", HandshakeFailure.NOT_TLS);
    sample();

    assertThat(history.total().handshakeSuccess()).contains(0.9);
    assertThat(history.reasons())
        .extracting(TrafficHistory.Reason::reason)
        .containsExactlyInAnyOrder("protocol_version", "not_tls");
  }

  @Test
  void reasonsAreCountedOverThreeTimes() {
    fail("a", HandshakeFailure.TIMEOUT);
    sample();
    samplesWithout(LatencyWindow.DEPTH);
    fail("a", HandshakeFailure.TIMEOUT);
    fail("a", HandshakeFailure.TIMEOUT);
    sample();

    assertThat(history.reasons()).containsExactly(new TrafficHistory.Reason("timeout", 2, 2, 3, 3));
  }

  @Test
  void takesLatenciesOfFiveMinutes() {
    loop.ended(new PlainExchange("a", 200, 40_000_000_000L));
    sample();
    samplesWithout(LatencyWindow.DEPTH);
    requests("a", 100, 200);
    sample();

    // Within the bucket up to a millisecond, wherever that is interpolated.
    assertThat(history.total().requestP99().orElseThrow()).isCloseTo(0.001, within(0.0006));
  }

  @Test
  void keepsTheBusiestHostsOnly() {
    for (int host = 0; host < 3 * TrafficHistory.MOST_HOSTS; host++) {
      requests("host-" + host, 10 + host, 200);
    }
    sample();

    assertThat(history.hosts()).hasSize(TrafficHistory.MOST_HOSTS);
    assertThat(history.hosts().get(0).host()).isEqualTo("host-59");
    assertThat(history.hostsWithout()).isEqualTo(2 * TrafficHistory.MOST_HOSTS);
    assertThat(history.points(Optional.of("host-0"))).isEmpty();
  }

  @Test
  void aHostThatFailsTakesThePlaceOfAQuietOne() {
    for (int host = 0; host < TrafficHistory.MOST_HOSTS; host++) {
      requests("host-" + host, 50, 200);
    }
    sample();
    requests("ill", 5, 503);
    sample();

    assertThat(history.hosts().get(0).host()).isEqualTo("ill");
    assertThat(history.hosts()).hasSize(TrafficHistory.MOST_HOSTS);
    assertThat(history.points(Optional.of("ill")).orElseThrow().requests())
        .as("what was before is not known, and not nothing")
        .containsExactly(null, 5);
  }

  private void samplesWithout(int count) {
    for (int i = 0; i < count; i++) {
      sample();
    }
  }

  private void sample() {
    now = now.plus(TrafficHistory.PERIOD);
    history.add(TrafficReading.of(metrics::readLevels, metrics.collect()), now);
  }

  private void requests(String host, int count, int status) {
    for (int i = 0; i < count; i++) {
      loop.ended(new PlainExchange(host, status, 900_000));
    }
  }

  private void handshakes(String host, int count) {
    TlsFacts facts =
        new TlsFacts(host, "TLSv1.3", "TLS_X", "X25519", "h2", "", TlsFacts.Resumption.FULL, "");
    for (int i = 0; i < count; i++) {
      loop.handshakeSucceeded("https", facts, 1_000_000);
    }
  }

  private void fail(String host, HandshakeFailure why) {
    loop.handshakeFailed(
        new FailedHandshake("https", host, why, "192.0.2.1", "", Optional.empty()));
  }
}
