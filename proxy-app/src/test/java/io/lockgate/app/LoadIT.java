package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.Command;
import io.lockgate.testkit.EchoOrigin;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.NginxOrigin;
import io.lockgate.testkit.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to requests while there are many of them, and to the proxy under them. */
class LoadIT {
  private static final int MANY = 100_000;
  private static final int CLIENTS = 16;

  @TempDir static Path directory;
  private static NginxOrigin first;
  private static NginxOrigin second;

  @BeforeAll
  static void start() throws IOException {
    first = NginxOrigin.start(directory.resolve("nginx-1"));
    second = NginxOrigin.start(directory.resolve("nginx-2"));
  }

  @AfterAll
  static void stop() {
    first.close();
    second.close();
  }

  /** Leak detection at every buffer would make this a test of leak detection. */
  private static LockgateProcess start(Site site, String config) throws IOException {
    return LockgateProcess.in(site.directory())
        .config(config)
        .options("-Dio.netty.leakDetection.level=advanced -Xmx256m")
        .start();
  }

  private static Site site(String name) throws IOException {
    return Site.in(Files.createDirectories(directory.resolve(name)));
  }

  private static double connections(LockgateProcess proxy) {
    return proxy.metric("lockgate_connections_total", "listener=\"https\"");
  }

  private static double requests(LockgateProcess proxy) {
    return proxy.metric("lockgate_http_requests_total", "code=\"200\"");
  }

  @Nested
  class AHundredThousandRequests {
    @Test
    void areAllAnsweredOverHttp2AndHttp11() throws IOException {
      try (LockgateProcess proxy =
          start(site("many"), Site.forwardingTo(first.address(), second.address()))) {
        int port = proxy.port("https");
        H2Load.Outcome h2 = H2Load.of(port, "/small", CLIENTS).requests(MANY).http2(16).run();
        assertThat(h2.good()).as(h2.report()).isEqualTo(MANY);
        H2Load.Outcome h1 = H2Load.of(port, "/small", CLIENTS).requests(MANY).http1().run();
        assertThat(h1.good()).as(h1.report()).isEqualTo(MANY);
        assertThat(h1.failed() + h2.failed()).isZero();
        Patience.until("the metrics know them all", () -> requests(proxy) == 2.0 * MANY);
        assertThat(connections(proxy)).isEqualTo(2.0 * CLIENTS);
      }
    }
  }

  @Nested
  class TwentyReloadsInTheMiddle {
    @Test
    void failNoRequestAndCloseNoConnection() throws IOException {
      Site site = site("reloads");
      String config = Site.forwardingTo(first.address(), second.address());
      try (LockgateProcess proxy = start(site, config);
          Command.Running h2 =
              H2Load.of(proxy.port("https"), "/small", CLIENTS).requests(300_000).http2(8).start();
          Command.Running h1 =
              H2Load.of(proxy.port("https"), "/small", CLIENTS).requests(150_000).http1().start()) {
        Patience.until("the run is under way", () -> requests(proxy) > 1000);
        for (int i = 1; i <= 20; i++) {
          changeSomething(site, proxy, config, i);
          proxy.reload();
        }
        assertThat(h1.alive() && h2.alive()).as("the run outlived the reloads").isTrue();
        H2Load.Outcome ofH2 = H2Load.outcome(h2);
        H2Load.Outcome ofH1 = H2Load.outcome(h1);
        assertThat(ofH2.good()).as(ofH2.report()).isEqualTo(300_000);
        assertThat(ofH1.good()).as(ofH1.report()).isEqualTo(150_000);
        assertThat(connections(proxy))
            .as("each client kept its one connection")
            .isEqualTo(2.0 * CLIENTS);
        assertThat(proxy.generation()).isGreaterThan(20);
      }
    }

    private void changeSomething(Site site, LockgateProcess proxy, String config, int turn)
        throws IOException {
      if (turn % 2 == 0) {
        site.renewCertificate();
      } else {
        proxy.configure(
            config
                + """
                lockgate.hosts."www.example.com".routes = [
                  { exact = "/turn-%d", respond { status = 200, body = "" } }
                  { path = "/", upstream = app }
                ]
                """
                    .formatted(turn));
      }
    }
  }

  @Nested
  class KillingOneOfTwoOriginsInTheMiddle {
    @Test
    void failsNoMoreThanTheRequestsThenInFlightOnIt() throws IOException {
      NginxOrigin victim = NginxOrigin.start(directory.resolve("victim"));
      try (LockgateProcess proxy =
              start(site("killed"), Site.forwardingTo(first.address(), victim.address()));
          Command.Running run =
              H2Load.of(proxy.port("https"), "/small", CLIENTS).requests(MANY).http1().start()) {
        Patience.until("the run is under way", () -> requests(proxy) > 5000);
        victim.kill();
        assertThat(run.alive()).as("the origin died in the middle").isTrue();
        H2Load.Outcome outcome = H2Load.outcome(run);
        assertThat(MANY - outcome.good())
            .as("one request a connection, half of them at the victim\n" + outcome.report())
            .isLessThanOrEqualTo(CLIENTS);
      }
    }
  }

  @Nested
  class TerminatingInTheMiddle {
    @Test
    void answersEveryRequestThatWasAcceptedOverHttp2() throws IOException {
      assertEveryAcceptedRequestAnswered("term-h2", load -> load.http2(8));
    }

    @Test
    void answersEveryRequestThatWasAcceptedOverHttp11() throws IOException {
      assertEveryAcceptedRequestAnswered("term-h1", H2Load::http1);
    }

    private void assertEveryAcceptedRequestAnswered(
        String name, java.util.function.UnaryOperator<H2Load> kind) throws IOException {
      try (EchoOrigin origin = EchoOrigin.start();
          LockgateProcess proxy = start(site(name), Site.forwardingTo(origin.address()));
          Command.Running run =
              kind.apply(H2Load.of(proxy.port("https"), "/small", CLIENTS).requests(1_000_000))
                  .start()) {
        Patience.until("the run is under way", () -> origin.answered() > 2000);
        proxy.terminate();
        assertThat(proxy.awaitExit()).isZero();
        H2Load.Outcome outcome = H2Load.outcome(run);
        assertThat(outcome.good())
            .as("every request that reached the origin was answered to the client")
            .isEqualTo(origin.begun());
        Patience.until("the origin has ended", () -> origin.answered() == origin.begun());
      }
    }
  }

  @Test
  void idleConnectionsOfManyClientsAreAllServed() throws IOException {
    try (LockgateProcess proxy = start(site("wide"), Site.forwardingTo(first.address()))) {
      H2Load.Outcome wide =
          H2Load.of(proxy.port("https"), "/small", 400).requests(4000).http1().run();
      assertThat(wide.good()).as(wide.report()).isEqualTo(4000);
      Patience.until(
          "closed connections are counted as closed",
          Duration.ofSeconds(20),
          () -> proxy.metric("lockgate_connections", "listener=\"https\""),
          open -> open == 0);
    }
  }
}
