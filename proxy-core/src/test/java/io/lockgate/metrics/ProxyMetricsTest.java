package io.lockgate.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lockgate.http.Method;
import io.lockgate.tls.FailedHandshake;
import io.lockgate.tls.HandshakeFailure;
import io.lockgate.tls.TlsFacts;
import io.lockgate.tls.TlsListener.How;
import io.lockgate.tls.TlsListener.Side;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ProxyMetricsTest {
  private static final List<TlsFacts> KINDS =
      IntStream.range(0, 200).mapToObj(i -> facts("h" + i)).toList();

  private final ProxyMetrics metrics = new ProxyMetrics(2, List.of());
  private final LoopMetrics first = metrics.forLoop(0);
  private final LoopMetrics second = metrics.forLoop(1);

  private static TlsFacts facts(String host) {
    return new TlsFacts(host, "TLSv1.3", "C", "X25519", "h2", host, TlsFacts.Resumption.FULL, "");
  }

  private static Predicate<MetricPoint> countsTo(double count) {
    return point -> ((MetricPoint.Value) point).value() == count;
  }

  @Nested
  class Counting {
    @Test
    void addsUpWhatAllEventLoopsCounted() {
      first.ended(TestSummary.of("a.example", Method.GET, 200));
      second.ended(TestSummary.of("a.example", Method.GET, 200));
      second.ended(TestSummary.of("a.example", Method.POST, 503));

      Scrape scrape = Scrape.of(metrics);
      assertThat(scrape.value(Metric.HTTP_REQUESTS, "a.example", "h1", "GET", "200")).isEqualTo(2);
      assertThat(scrape.value(Metric.HTTP_REQUESTS, "a.example", "h1", "POST", "503")).isEqualTo(1);
      assertThat(scrape.value(Metric.HTTP_REQUEST_BYTES, "a.example")).isEqualTo(30);
      assertThat(scrape.value(Metric.HTTP_RESPONSE_BYTES, "a.example")).isEqualTo(60);
    }

    @Test
    void neverCountsTheSameEventTwiceHoweverOftenSomebodyLooks() {
      first.ended(TestSummary.of("a.example", Method.GET, 200));
      Scrape.of(metrics);
      first.ended(TestSummary.of("a.example", Method.GET, 200));

      Scrape scrape = Scrape.of(metrics);
      assertThat(scrape.value(Metric.HTTP_REQUESTS, "a.example", "h1", "GET", "200")).isEqualTo(2);
      var duration = scrape.distribution(Metric.HTTP_REQUEST_DURATION, "a.example");
      assertThat(duration.count()).isEqualTo(2);
      assertThat(duration.sum()).isCloseTo(0.002, within(1e-12));
      assertThat(Scrape.of(metrics)).isEqualTo(scrape);
    }

    @Test
    void boundsTheMethodLabelWhateverAClientSends() {
      first.ended(TestSummary.of("a.example", Method.OTHER, 405));

      assertThat(Scrape.of(metrics).point(Metric.HTTP_REQUESTS, "a.example", "h1", "other", "405"))
          .isPresent();
    }

    @Test
    void countsHandshakesAndWhatTheySettledOn() {
      TlsFacts facts =
          new TlsFacts(
              "a.example",
              "TLSv1.3",
              "TLS_AES_128_GCM_SHA256",
              "X25519",
              "h2",
              "a.example",
              TlsFacts.Resumption.TICKET,
              "");
      first.handshakeSucceeded("https", facts, 250_000);
      first.handshakeFailed(
          new FailedHandshake(
              "https",
              "other",
              HandshakeFailure.UNKNOWN_HOST,
              "192.0.2.1",
              "no such host",
              Optional.empty()));

      Scrape scrape = Scrape.of(metrics);
      assertThat(scrape.value(Metric.TLS_HANDSHAKES, "https", "a.example", "TLSv1.3", "ticket"))
          .isEqualTo(1);
      assertThat(scrape.value(Metric.TLS_NEGOTIATED, "cipher", "TLS_AES_128_GCM_SHA256"))
          .isEqualTo(1);
      assertThat(scrape.value(Metric.TLS_NEGOTIATED, "group", "X25519")).isEqualTo(1);
      assertThat(scrape.value(Metric.TLS_NEGOTIATED, "alpn", "h2")).isEqualTo(1);
      assertThat(scrape.value(Metric.TLS_HANDSHAKE_FAILURES, "https", "other", "unknown_host"))
          .isEqualTo(1);
      assertThat(scrape.distribution(Metric.TLS_HANDSHAKE_DURATION, "a.example", "ticket").count())
          .isEqualTo(1);
    }

    @Test
    void countsEachHandshakeWhereItBelongsHoweverManyKindsTakeTurns() {
      for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 200; i++) {
          first.handshakeSucceeded("one", KINDS.get(i), 1_000);
          first.handshakeSucceeded("other", KINDS.get(i), 1_000);
        }
      }

      Scrape scrape = Scrape.of(metrics);
      assertThat(scrape.points(Metric.TLS_HANDSHAKES)).hasSize(400).allMatch(countsTo(3));
      assertThat(scrape.points(Metric.TLS_HANDSHAKE_DURATION)).hasSize(200);
      assertThat(scrape.distribution(Metric.TLS_HANDSHAKE_DURATION, "h7", "full").count())
          .isEqualTo(6);
      assertThat(scrape.value(Metric.TLS_NEGOTIATED, "group", "X25519")).isEqualTo(1_200);
    }

    @Test
    void aGlanceShowsWhatAScrapeShows() {
      first.opened("https");
      first.started();
      first.ended(TestSummary.of("a.example", Method.GET, 200));
      second.handshakeSucceeded("https", KINDS.get(1), 1_000);
      second.lagged(2_000_000);
      second.started();

      List<MetricFamily> all = metrics.scrape();
      assertThat(all).containsAll(metrics.glance());
      assertThat(metrics.glance())
          .extracting(MetricFamily::metric)
          .containsExactlyInAnyOrder(
              Metric.CONNECTIONS,
              Metric.HTTP_REQUESTS_IN_FLIGHT,
              Metric.HTTP_REQUEST_DURATION,
              Metric.TLS_HANDSHAKE_DURATION,
              Metric.EVENT_LOOP_LAG);
    }

    @Test
    void leavesOutWhatAHandshakeDidNotNegotiate() {
      first.handshakeSucceeded(
          "https", new TlsFacts("a", "TLSv1.2", "X", "", "", "", TlsFacts.Resumption.CACHE, ""), 1);

      assertThat(Scrape.of(metrics).points(Metric.TLS_NEGOTIATED)).hasSize(1);
    }

    @Test
    void countsTheRestByItsLabels() {
      first.closed(Side.CLIENT, How.CLOSE_NOTIFY);
      first.rejected("https", "192.0.2.1", "bad_chunk");
      first.attemptEnded("app", "127.0.0.1:1", "2xx", 5_000_000);
      first.retried("app");
      first.refused("https", "limit");

      Scrape scrape = Scrape.of(metrics);
      assertThat(scrape.value(Metric.TLS_CLOSES, "client", "close_notify")).isEqualTo(1);
      assertThat(scrape.value(Metric.HTTP_REJECTED_REQUESTS, "bad_chunk")).isEqualTo(1);
      assertThat(scrape.value(Metric.UPSTREAM_REQUESTS, "app", "127.0.0.1:1", "2xx")).isEqualTo(1);
      assertThat(scrape.value(Metric.UPSTREAM_RETRIES, "app")).isEqualTo(1);
      assertThat(scrape.value(Metric.CONNECTIONS_REFUSED, "https", "limit")).isEqualTo(1);
      assertThat(scrape.distribution(Metric.UPSTREAM_DURATION, "app").sum()).isEqualTo(0.005);
    }

    @Test
    void showsConnectionsAndExchangesThatHaveNotEnded() {
      first.opened("https");
      first.opened("https");
      second.opened("https");
      first.closed("https");
      first.started();
      second.started();
      second.ended(TestSummary.of("a.example", Method.GET, 200));

      Scrape scrape = Scrape.of(metrics);
      assertThat(scrape.value(Metric.CONNECTIONS, "https", "open")).isEqualTo(2);
      assertThat(scrape.value(Metric.CONNECTIONS_TOTAL, "https")).isEqualTo(3);
      assertThat(scrape.value(Metric.HTTP_REQUESTS_IN_FLIGHT)).isEqualTo(1);
    }

    @Test
    void losesNothingWhileSomebodyScrapesAllTheTime() throws InterruptedException {
      int events = 200_000;
      CountDownLatch done = new CountDownLatch(2);
      for (int loop = 0; loop < 2; loop++) {
        LoopMetrics shard = metrics.forLoop(loop);
        new Thread(
                () -> {
                  for (int i = 0; i < events; i++) {
                    shard.ended(TestSummary.of("h" + i % 7, Method.GET, 200).taking(i));
                  }
                  done.countDown();
                })
            .start();
      }
      while (done.getCount() > 0) {
        metrics.collect();
      }
      done.await();

      Scrape scrape = Scrape.of(metrics);
      double counted =
          scrape.points(Metric.HTTP_REQUESTS).stream()
              .mapToDouble(point -> ((MetricPoint.Value) point).value())
              .sum();
      long timed =
          scrape.points(Metric.HTTP_REQUEST_DURATION).stream()
              .mapToLong(point -> ((MetricPoint.Distribution) point).count())
              .sum();
      assertThat(counted).isEqualTo(2.0 * events);
      assertThat(timed).isEqualTo(2L * events);
    }
  }

  @Nested
  class Timing {
    @ParameterizedTest
    @CsvSource({
      "0, 0",
      "1, 0",
      "99999, 0",
      "100000, 0",
      "101000, 1",
      "1000000, 3",
      "1000000000, 12",
      "10000000000, 14",
      "61000000000, 16",
      "99999999999999, 16"
    })
    void putsADurationIntoTheBucketItBelongsTo(long nanos, int bucket) {
      metrics.recordLoopLag(0, nanos);

      var counts = Scrape.of(metrics).distribution(Metric.EVENT_LOOP_LAG).bucketCounts();
      assertThat(counts).hasSize(LatencyBuckets.upperBoundsSeconds().size() + 1);
      assertThat(counts.get(bucket)).as("bucket counts %s", counts).isEqualTo(1);
    }

    @Test
    void knowsPercentilesToOnePartInAHundred() {
      for (int millis = 1; millis <= 1000; millis++) {
        metrics.recordLoopLag(millis % 2, millis * 1_000_000L);
      }

      var percentiles = Scrape.of(metrics).distribution(Metric.EVENT_LOOP_LAG).percentiles();
      assertThat(percentiles.p50()).isCloseTo(0.5, within(0.005));
      assertThat(percentiles.p90()).isCloseTo(0.9, within(0.01));
      assertThat(percentiles.p999()).isCloseTo(0.999, within(0.01));
      assertThat(percentiles.max()).isCloseTo(1.0, within(0.01));
    }

    @Test
    void givesHostsAboveTheBoundOneCommonHistogramButCountersOfTheirOwn() {
      ProxyMetrics bounded = new ProxyMetrics(2, List.of(), 2);
      for (int host = 0; host < 5; host++) {
        bounded.forLoop(0).ended(TestSummary.of("h" + host, Method.GET, 200));
        bounded.forLoop(1).ended(TestSummary.of("h" + host, Method.GET, 200));
      }

      Scrape scrape = Scrape.of(bounded);
      assertThat(scrape.points(Metric.HTTP_REQUESTS)).hasSize(5);
      assertThat(scrape.points(Metric.HTTP_REQUEST_DURATION)).hasSize(3);
      assertThat(scrape.distribution(Metric.HTTP_REQUEST_DURATION, "h1").count()).isEqualTo(2);
      assertThat(scrape.distribution(Metric.HTTP_REQUEST_DURATION, "other").count()).isEqualTo(6);
    }

    @Test
    void givesThePlaceOfAHostThatIsConfiguredNoMoreToAnother() {
      ProxyMetrics bounded = new ProxyMetrics(1, List.of(), 1);
      bounded.forLoop(0).ended(TestSummary.of("old", Method.GET, 200));
      bounded.forLoop(0).ended(TestSummary.of("new", Method.GET, 200));
      Scrape.of(bounded);

      Set<String> gone = bounded.retainHosts("new"::equals);
      bounded.forLoop(0).forget(gone);
      bounded.forget(gone);
      bounded.forLoop(0).ended(TestSummary.of("new", Method.GET, 200));

      Scrape scrape = Scrape.of(bounded);
      assertThat(scrape.distribution(Metric.HTTP_REQUEST_DURATION, "new").count()).isEqualTo(1);
      assertThat(scrape.point(Metric.HTTP_REQUEST_DURATION, "old")).isEmpty();
      assertThat(scrape.value(Metric.HTTP_REQUESTS, "old", "h1", "GET", "200")).isEqualTo(1);
    }

    @Test
    void aHostThatWasForgottenGetsAHistogramOfHandshakesAgain() {
      TlsFacts facts = facts("back");
      first.handshakeSucceeded("https", facts, 1_000);
      Scrape.of(metrics);
      Set<String> gone = metrics.retainHosts(host -> false);
      first.forget(gone);
      metrics.forget(gone);

      first.handshakeSucceeded("https", facts, 1_000);

      Scrape scrape = Scrape.of(metrics);
      assertThat(scrape.distribution(Metric.TLS_HANDSHAKE_DURATION, "back", "full").count())
          .isEqualTo(1);
      assertThat(scrape.value(Metric.TLS_HANDSHAKES, "https", "back", "TLSv1.3", "full"))
          .isEqualTo(2);
    }
  }

  @Nested
  class Configuration {
    @Test
    void keepsTheTimeOfTheLastGoodConfigurationWhenAReloadIsRejected() {
      metrics.started(1, Instant.ofEpochSecond(100));
      metrics.reloaded(2, Instant.ofEpochSecond(200), "APPLIED");
      metrics.reloaded(2, Instant.ofEpochSecond(300), "REJECTED");

      Scrape scrape = Scrape.of(metrics);
      assertThat(scrape.value(Metric.CONFIG_GENERATION)).isEqualTo(2);
      assertThat(scrape.value(Metric.CONFIG_RELOADS, "applied")).isEqualTo(1);
      assertThat(scrape.value(Metric.CONFIG_RELOADS, "rejected")).isEqualTo(1);
      assertThat(scrape.value(Metric.CONFIG_RELOADS, "unchanged")).isZero();
      assertThat(scrape.value(Metric.CONFIG_LAST_RELOAD_SUCCESSFUL)).isZero();
      assertThat(scrape.value(Metric.CONFIG_LAST_RELOAD_SUCCESS)).isEqualTo(200);
    }
  }

  @Nested
  class Sources {
    @Test
    void areReadAtEveryScrape() {
      long[] healthy = {1};
      ProxyMetrics sourced =
          new ProxyMetrics(
              0, List.of(r -> r.value(Metric.UPSTREAM_HEALTHY, healthy[0], "app", "s")));

      assertThat(Scrape.of(sourced).value(Metric.UPSTREAM_HEALTHY, "app", "s")).isEqualTo(1);
      healthy[0] = 0;
      assertThat(Scrape.of(sourced).value(Metric.UPSTREAM_HEALTHY, "app", "s")).isZero();
    }

    @Test
    void cannotGiveAMetricOtherLabelsThanItsTableSays() {
      ProxyMetrics wrong =
          new ProxyMetrics(0, List.of(r -> r.value(Metric.UPSTREAM_HEALTHY, 1, "app")));

      assertThatThrownBy(wrong::collect)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("UPSTREAM_HEALTHY");
    }

    @Test
    void knowTheProcess() {
      ProxyMetrics process = new ProxyMetrics(0, List.of(new ProcessReadings()));

      Scrape scrape = Scrape.of(process);
      assertThat(scrape.value(Metric.PROCESS_RESIDENT_MEMORY)).isGreaterThan(10_000_000);
      assertThat(scrape.value(Metric.PROCESS_OPEN_FDS)).isPositive();
      assertThat(scrape.value(Metric.PROCESS_CPU)).isPositive();
      assertThat(scrape.value(Metric.JVM_MEMORY_USED, "heap")).isPositive();
      assertThat(scrape.points(Metric.JVM_GC)).isNotEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void namesFollowTheRulesOfPrometheus(Metric metric) {
    assertThat(metric.metricName()).matches("(lockgate|jvm|process)_[a-z]+(_[a-z]+)*");
    assertThat(metric.metricName().endsWith("_total"))
        .as("counters and only counters end in _total")
        .isEqualTo(metric.kind() == Metric.Kind.COUNTER);
    assertThat(metric.labels()).allMatch(label -> label.matches("[a-z]+(_[a-z]+)*"));
    assertThat(metric.labels().size()).isLessThanOrEqualTo(4);
    assertThat(metric.help()).endsWith(".");
  }
}
