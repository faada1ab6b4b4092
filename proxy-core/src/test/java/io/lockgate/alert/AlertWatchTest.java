package io.lockgate.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.lockgate.config.model.AlertsConfig;
import io.lockgate.config.model.AlertsConfig.WebhookConfig;
import io.lockgate.testkit.ManualClock;
import io.lockgate.testkit.Patience;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is told of what, and for how long. */
class AlertWatchTest {
  private static final String HOST = "www.example.com";

  private final ManualClock clock = new ManualClock(Instant.parse("2030-01-31T22:00:00Z"));
  private final List<String> posts = new CopyOnWriteArrayList<>();
  private final List<Alert> states = new ArrayList<>();
  private volatile int status = 200;
  private long good;
  private long bad;
  private AlertWatch watch = watch(Optional.empty());

  private AlertWatch watch(Optional<WebhookConfig> webhook) {
    return new AlertWatch(
        config(webhook),
        clock,
        counts -> {
          counts.add(ServiceLevel.REQUESTS, HOST, good, bad);
          counts.add(ServiceLevel.REQUESTS, "lenient.example", good, bad);
          counts.add(ServiceLevel.REQUESTS, "other", 0, bad);
        },
        () -> List.copyOf(states));
  }

  private static AlertsConfig config(Optional<WebhookConfig> webhook) {
    return new AlertsConfig(
        true,
        new AlertsConfig.Objectives(99.9, 99.9),
        Map.of("lenient.example", new AlertsConfig.Objectives(99.9, 50)),
        10,
        List.of(),
        webhook);
  }

  @AfterEach
  void close() {
    watch.close();
  }

  /** So many seconds, ten at a time, with as many events each. */
  private void pass(int seconds, int goodEach, int badEach) {
    for (int passed = 0; passed < seconds; passed += 10) {
      clock.advance(Duration.ofSeconds(10));
      good += goodEach;
      bad += badEach;
      watch.evaluate();
    }
  }

  private List<String> firing() {
    return watch.report().alerts().stream()
        .filter(alert -> alert.state().equals("firing"))
        .map(alert -> alert.name() + " " + alert.labels())
        .toList();
  }

  @Test
  void pagesWhileAHostBurnsFastAndNotForAHostWithALowerObjective() {
    pass(60, 100, 5);
    assertThat(firing()).containsExactly("LockgateRequestsFailFast {host=" + HOST + "}");
    assertThat(watch.report().state()).isEqualTo("page");
  }

  @Test
  void endsThePageSoonAfterTheFailuresEnd() {
    pass(60, 100, 50);
    pass(600, 100, 0);
    assertThat(firing()).noneMatch(alert -> alert.contains("Fast"));
  }

  @Test
  void opensATicketForASlowBurn() {
    pass(7 * 3600, 1000, 8);
    assertThat(firing()).containsExactly("LockgateRequestsFailSlowly {host=" + HOST + "}");
    assertThat(watch.report().state()).isEqualTo("ticket");
  }

  @Test
  void isQuietWithinTheObjective() {
    pass(3600, 10_000, 5);
    assertThat(firing()).isEmpty();
    assertThat(watch.report().state()).isEqualTo("ok");
  }

  @Test
  void aFewFailuresInAQuietNightAreNoAlert() {
    pass(10, 0, 9);
    assertThat(firing()).isEmpty();
  }

  @Test
  void tellsWhatHappenedWithinEachWindow() {
    pass(10, 90, 10);
    AlertReport.LevelView level = watch.report().levels().get(0);
    assertThat(level.host()).isEqualTo(HOST);
    AlertReport.WindowView window = level.windows().get("5m");
    assertThat(window.events()).isEqualTo(100);
    assertThat(window.failures()).isEqualTo(10);
    assertThat(Math.round(window.burnRate())).isEqualTo(100);
    assertThat(level.windows()).containsOnlyKeys("5m", "30m", "1h", "6h");
  }

  @Test
  void forgetsAHostThatHadNoTrafficForSixHours() {
    pass(10, 90, 10);
    pass(7 * 3600, 0, 0);
    assertThat(watch.report().levels()).isEmpty();
  }

  @Test
  void aStateIsToldOnceItHasLastedForItsPatience() {
    states.add(
        Alert.of("Down", Severity.PAGE, "upstream", "app", "down", "", Duration.ofMinutes(1)));
    pass(60, 0, 0);
    assertThat(firing()).isEmpty();
    pass(10, 0, 0);
    assertThat(firing()).containsExactly("Down {upstream=app}");
  }

  @Test
  void aSilencedAlertIsShownAndDoesNotCountUntilTheSilenceEnds() {
    watch.silences().add(Map.of("host", HOST), Duration.ofMinutes(5), "maintenance");
    pass(60, 100, 50);
    assertThat(watch.report().state()).isEqualTo("ok");
    assertThat(watch.report().alerts().get(0).silencedBy()).contains("s1");
    pass(300, 100, 50);
    assertThat(watch.report().state()).isEqualTo("page");
    assertThat(watch.report().silences()).isEmpty();
  }

  @Test
  void postsBeginningRepetitionAndEndInAlertmanagersForm() throws IOException {
    HttpServer server = receiver();
    try {
      watch.close();
      watch = watch(Optional.of(webhook(server)));
      states.add(Alert.of("Down", Severity.PAGE, "upstream", "a\"b", "s", "d", Duration.ZERO));
      pass(10, 0, 0);
      told(1);
      assertThat(posts.get(0))
          .isEqualTo(
              "[{\"labels\":{\"alertname\":\"Down\",\"instance\":\"edge-1\",\"severity\":\"page\","
                  + "\"upstream\":\"a\\\"b\"},\"annotations\":{\"description\":\"d\",\"summary\":\"s\"},"
                  + "\"startsAt\":\"2030-01-31T22:00:10Z\",\"endsAt\":\"2030-01-31T22:05:10Z\"}]");
      pass(50, 0, 0);
      assertThat(posts).as("not before a minute is over").hasSize(1);
      pass(10, 0, 0);
      told(2);
      states.clear();
      pass(60, 0, 0);
      told(3);
      assertThat(posts.get(2)).contains("\"endsAt\":\"2030-01-31T22:02:10Z\"");
      pass(300, 0, 0);
      assertThat(posts).as("an end is told once").hasSize(3);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void whatAReceiverKnowsOfIsConfirmedThoughItIsSilencedMeanwhile() throws IOException {
    HttpServer server = receiver();
    try {
      watch.close();
      watch = watch(Optional.of(webhook(server)));
      states.add(Alert.of("Down", Severity.PAGE, "upstream", "app", "s", "d", Duration.ZERO));
      pass(10, 0, 0);
      told(1);
      watch.silences().add(Map.of(), Duration.ofHours(1), "maintenance");
      states.add(Alert.of("Down", Severity.PAGE, "upstream", "new", "s", "d", Duration.ZERO));
      pass(60, 0, 0);
      told(2);
      assertThat(posts.get(1)).contains("\"upstream\":\"app\"").doesNotContain("new");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aReceiverIsShownWithoutThePathThatMayBeSecret() throws IOException {
    HttpServer server = receiver();
    server.stop(0);
    watch.close();
    watch = watch(Optional.of(webhook(server)));
    assertThat(view().url()).isEqualTo("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @Test
  void triesAgainWhatAReceiverDidNotTake() throws IOException {
    HttpServer server = receiver();
    try {
      watch.close();
      watch = watch(Optional.of(webhook(server)));
      status = 500;
      states.add(Alert.of("Down", Severity.PAGE, "upstream", "app", "s", "d", Duration.ZERO));
      pass(10, 0, 0);
      Patience.until("the failure is counted", () -> view().failed() == 1);
      assertThat(view().lastError()).isEqualTo("status 500");
      status = 200;
      pass(10, 0, 0);
      told(1);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void saysInWordsThatAReceiverCannotBeConnected() throws IOException {
    HttpServer server = receiver();
    server.stop(0);
    watch.close();
    watch = watch(Optional.of(webhook(server)));
    states.add(Alert.of("Down", Severity.PAGE, "upstream", "app", "s", "d", Duration.ZERO));
    pass(10, 0, 0);
    Patience.until("the failure is counted", () -> view().failed() == 1);
    assertThat(view().lastError()).isEqualTo("cannot be connected");
  }

  @Test
  void hostsBeyondTheBoundAreCountedWhileTheyHaveTraffic() {
    BurnRates rates = new BurnRates(config(Optional.empty()), 1);
    LevelSource source =
        counts -> {
          counts.add(ServiceLevel.REQUESTS, "a.example", good, 0);
          counts.add(ServiceLevel.REQUESTS, "b.example", good, 0);
          counts.add(ServiceLevel.REQUESTS, "idle.example", 0, 0);
        };
    good = 1;
    rates.observe(source, clock.instant());
    assertThat(rates.standing()).hasSize(1);
    assertThat(rates.unwatched()).isEqualTo(1);
    rates.observe(source, clock.instant());
    assertThat(rates.unwatched()).as("nothing happened since").isZero();
  }

  private void told(int posts) {
    Patience.until("post " + posts + " is answered", () -> view().sent() == posts);
  }

  private AlertReport.WebhookView view() {
    return watch.report().webhook().orElseThrow();
  }

  private static WebhookConfig webhook(HttpServer server) {
    return new WebhookConfig(
        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/api/v2/alerts"),
        Duration.ofMinutes(1),
        Duration.ofSeconds(20),
        Map.of("instance", "edge-1"));
  }

  private HttpServer receiver() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          posts.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
    return server;
  }
}
