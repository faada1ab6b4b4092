package io.lockgate.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lockgate.metrics.Metric;
import io.lockgate.testkit.HttpMessage;
import io.lockgate.testkit.Patience;
import io.lockgate.testkit.RawClient;
import io.lockgate.testkit.ScriptedOrigin;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole proxy in one process, in clear, on ports that the system chooses. */
class ProxyTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  @TempDir private Path directory;
  private final CountDownLatch latch = new CountDownLatch(1);
  private final List<Proxy> proxies = new ArrayList<>();
  private ScriptedOrigin origin;

  @BeforeEach
  void startOrigin() throws IOException {
    origin =
        ScriptedOrigin.playing(
            peer -> {
              for (var head = peer.readRequest(); ; head = peer.readRequest()) {
                if (head.target().equals("/slow")) {
                  peer.await(latch);
                }
                peer.write(OK);
              }
            });
  }

  @AfterEach
  void closeAll() throws IOException {
    latch.countDown();
    proxies.forEach(Proxy::close);
    origin.close();
  }

  /** A host that forwards everything, between what comes before its last route and what follows. */
  private void configure(String listeners, String routes, String more) throws IOException {
    Files.writeString(
        directory.resolve("lockgate.conf"),
        """
        lockgate {
          listeners { %s }
          upstreams { app { servers = ["%s"] } }
          hosts { "a.example" { routes = [ %s { path = "/", upstream = app } ] } }
          access-log { format = off }
          runtime { event-loops = 2 }
        }
        %s
        """
            .formatted(listeners, origin.address(), routes, more));
  }

  private void configure(String routes) throws IOException {
    configure("http { address = \"127.0.0.1:0\", tls = off }", routes, "");
  }

  private static String listenerOn(int port) {
    return "http { address = \"127.0.0.1:" + port + "\", tls = off }";
  }

  private Proxy start() throws StartException {
    Proxy proxy =
        Proxy.start(
            new ProxySetup(
                directory.resolve("lockgate.conf"), Map.of(), Clock.systemUTC(), "test"));
    proxies.add(proxy);
    return proxy;
  }

  private StartException failedStart() {
    return catchThrowableOfType(StartException.class, this::start);
  }

  private static int port(Proxy proxy) {
    String address = proxy.listeners().get(0).address();
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
  }

  private static void assertRefused(int port) {
    Patience.until(
        "connections are refused",
        () -> {
          try {
            RawClient.connect(port).close();
            return false;
          } catch (ConnectException refused) {
            return true;
          }
        });
  }

  private static boolean mentions(ReloadReport report, String text) {
    return report.problems().toString().contains(text);
  }

  @Nested
  class Starting {
    @Test
    void servesAsGenerationOne() throws Exception {
      configure("");
      Proxy proxy = start();
      assertThat(proxy.state()).isEqualTo(Proxy.State.READY);
      assertThat(proxy.generation()).isEqualTo(1);
      assertThat(proxy.loopsTurning()).isTrue();
      assertThat(proxy.reloads()).extracting(ReloadReport::trigger).containsExactly("start");
      try (RawClient client = RawClient.connect(port(proxy))) {
        assertThat(client.send(GET).readResponse().text()).isEqualTo("ok");
        assertThat(client.send(GET).readResponse().text()).isEqualTo("ok");
      }
      assertThat(origin.connections()).isEqualTo(1);
      assertThat(proxy.upstreams().get(0).servers().get(0).requests()).isEqualTo(2);
    }

    @Test
    void failsWithCode78WhereTheConfigurationIsWrong() throws IOException {
      configure("{ path = \"/x\", upstream = nobody },");
      StartException failed = failedStart();
      assertThat(failed.exitCode()).isEqualTo(78);
      assertThat(failed).hasMessageContaining("unknown-upstream");
    }

    @Test
    void failsWithCode78WhereACertificateCannotBeLoaded() throws IOException {
      configure(listenerOn(0), "", "lockgate.certificates.www { chain = \"no.pem\", key = n }");
      assertThat(failedStart().exitCode()).isEqualTo(78);
    }

    @Test
    void failsWithCode75WhereTheAddressIsTakenAndLeavesNothing() throws Exception {
      int port;
      try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        port = taken.getLocalPort();
        configure(listenerOn(port), "", "");
        StartException failed = failedStart();
        assertThat(failed.exitCode()).isEqualTo(75);
        assertThat(failed).hasMessageContaining("127.0.0.1:" + port);
      }
      assertThat(port(start())).isEqualTo(port);
    }

    @Test
    void sharesNoAddressWithAnotherThatServesAlready() throws Exception {
      configure("");
      int port = port(start());
      configure(listenerOn(port), "", "");
      assertThat(failedStart().exitCode()).isEqualTo(75);
      try (RawClient client = RawClient.connect(port)) {
        assertThat(client.send(GET).readResponse().text()).isEqualTo("ok");
      }
    }
  }

  @Nested
  class Reloading {
    @Test
    void ofTheSameConfigurationChangesNothing() throws Exception {
      configure("");
      Proxy proxy = start();
      ReloadReport report = proxy.reload("test");
      assertThat(report.result()).isEqualTo(ReloadReport.Result.UNCHANGED);
      assertThat(report.generation()).isEqualTo(1);
      assertThat(report.changes()).isEmpty();
    }

    @Test
    void ofOtherRoutesKeepsConnectionsOnBothSides() throws Exception {
      configure("");
      Proxy proxy = start();
      try (RawClient client = RawClient.connect(port(proxy))) {
        client.send(GET).readResponse();
        configure("{ exact = \"/ping\", respond { status = 200, body = \"pong\" } },");
        ReloadReport report = proxy.reload("test");
        assertThat(report.result()).isEqualTo(ReloadReport.Result.APPLIED);
        assertThat(report.generation()).isEqualTo(2);
        assertThat(report.changes()).containsExactly("host a.example changed");

        String ping = GET.replace("/ ", "/ping ");
        assertThat(client.send(ping).readResponse().text()).isEqualTo("pong");
        assertThat(client.send(GET).readResponse().text()).isEqualTo("ok");
      }
      assertThat(origin.connections()).as("connections to the server").isEqualTo(1);
    }

    @Test
    void ofAnotherUpstreamDrainsTheOneBefore() throws Exception {
      configure("");
      Proxy proxy = start();
      try (RawClient client = RawClient.connect(port(proxy));
          RawClient slow = RawClient.connect(port(proxy))) {
        client.send(GET).readResponse();
        slow.send(GET.replace("/ ", "/slow "));
        Patience.until("the origin was asked", () -> origin.received().contains("/slow"));
        configure(listenerOn(0), "", "lockgate.upstreams.app.idle-timeout = 7s");
        assertThat(proxy.reload("test").changes()).containsExactly("upstream app changed");

        latch.countDown();
        assertThat(slow.readResponse().text()).as("what was under way").isEqualTo("ok");
        assertThat(client.send(GET).readResponse().text()).isEqualTo("ok");
      }
      assertThat(proxy.upstreams().get(0).servers().get(0).requests()).isEqualTo(1);
    }

    @Test
    void ofAWrongConfigurationIsRejectedAndServesOn() throws Exception {
      configure("");
      Proxy proxy = start();
      configure("{ path = \"/x\", upstream = nobody },");
      ReloadReport report = proxy.reload("test");
      assertThat(report.result()).isEqualTo(ReloadReport.Result.REJECTED);
      assertThat(report.generation()).isEqualTo(1);
      assertThat(mentions(report, "unknown-upstream")).isTrue();
      try (RawClient client = RawClient.connect(port(proxy))) {
        assertThat(client.send(GET).readResponse().text()).isEqualTo("ok");
      }
      configure("");
      assertThat(proxy.reload("test").result()).isEqualTo(ReloadReport.Result.UNCHANGED);
      assertThat(proxy.reloads()).hasSize(3);
    }

    @Test
    void bindsAllNewAddressesOrChangesNothing() throws Exception {
      configure("");
      Proxy proxy = start();
      int port = port(proxy);
      try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        String other = listenerOn(taken.getLocalPort()).replace("http {", "other {");
        configure(listenerOn(0) + "\n" + other, "", "");
        ReloadReport report = proxy.reload("test");
        assertThat(report.result()).isEqualTo(ReloadReport.Result.REJECTED);
        assertThat(mentions(report, "address-in-use")).isTrue();
      }
      assertThat(proxy.listeners()).hasSize(1);
      assertThat(proxy.reload("test").result()).isEqualTo(ReloadReport.Result.APPLIED);
      assertThat(proxy.listeners()).hasSize(2);
      assertThat(port(proxy)).as("an address that stays keeps its sockets").isEqualTo(port);
    }

    @Test
    void withoutAHostForgetsHowLongItsRequestsTook() throws Exception {
      configure("");
      Proxy proxy = start();
      try (RawClient client = RawClient.connect(port(proxy))) {
        client.send(GET).readResponse();
        Patience.until("it is counted", () -> timed(proxy).contains("a.example"));
      }
      Path file = directory.resolve("lockgate.conf");
      Files.writeString(file, Files.readString(file).replace("a.example", "b.example"));
      proxy.reload("test");
      Patience.until("it is forgotten", () -> !timed(proxy).contains("a.example"));
    }

    private static List<String> timed(Proxy proxy) {
      return proxy.metrics().collect().stream()
          .filter(family -> family.metric() == Metric.HTTP_REQUEST_DURATION)
          .flatMap(family -> family.points().stream())
          .flatMap(point -> point.labelValues().stream())
          .toList();
    }

    @Test
    void namesTheLineOfAnAddressThatIsTaken() throws Exception {
      configure("");
      Proxy proxy = start();
      try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        String other = listenerOn(taken.getLocalPort()).replace("http {", "other {");
        configure(listenerOn(0) + "\n" + other, "", "");
        assertThat(proxy.reload("test").problems())
            .singleElement()
            .satisfies(
                problem -> {
                  assertThat(problem.code()).isEqualTo("address-in-use");
                  assertThat(problem.path()).isEqualTo("listeners.other.address");
                  assertThat(problem.origin().line()).isEqualTo(3);
                });
      }
    }

    @Test
    void withoutAListenerClosesItAndItsIdleConnections() throws Exception {
      configure(listenerOn(0) + "\nother { address = \"127.0.0.2:0\", tls = off }", "", "");
      Proxy proxy = start();
      int port = port(proxy);
      try (RawClient client = RawClient.connect(port)) {
        client.send(GET).readResponse();
        configure("other { address = \"127.0.0.2:0\", tls = off }", "", "");
        assertThat(proxy.reload("test").changes()).containsExactly("listener http removed");
        assertRefused(port);
        client.expectClosed();
      }
    }
  }

  @Nested
  class Draining {
    @Test
    void finishesWhatIsUnderWayAndAcceptsNothingNew() throws Exception {
      configure("");
      Proxy proxy = start();
      int port = port(proxy);
      try (RawClient busy = RawClient.connect(port);
          RawClient idle = RawClient.connect(port)) {
        idle.send(GET).readResponse();
        busy.send(GET.replace("/ ", "/slow "));
        Patience.until("the origin was asked", () -> origin.received().contains("/slow"));
        var drained = proxy.drain().toCompletableFuture();
        assertThat(proxy.state()).isEqualTo(Proxy.State.DRAINING);
        assertRefused(port);
        idle.expectClosed();
        assertThat(drained).as("a request is under way").isNotDone();

        latch.countDown();
        HttpMessage last = busy.readResponse();
        assertThat(last.text()).isEqualTo("ok");
        assertThat(last.connectionHas("close")).isTrue();
        drained.get(Patience.USUAL.toSeconds(), TimeUnit.SECONDS);
        assertThat(proxy.drain().toCompletableFuture()).isDone();
      }
    }

    @Test
    void refusesToReload() throws Exception {
      configure("");
      Proxy proxy = start();
      proxy.drain();
      configure(listenerOn(0) + "\nother { address = \"127.0.0.2:0\", tls = off }", "", "");
      ReloadReport report = proxy.reload("test");
      assertThat(report.result()).isEqualTo(ReloadReport.Result.REJECTED);
      assertThat(mentions(report, "draining")).isTrue();
      assertThat(proxy.generation()).isEqualTo(1);
    }
  }

  @Nested
  class Closing {
    @Test
    void cutsWhatIsUnderWay() throws Exception {
      configure("");
      Proxy proxy = start();
      try (RawClient busy = RawClient.connect(port(proxy))) {
        busy.send(GET.replace("/ ", "/slow "));
        Patience.until("the origin was asked", () -> origin.received().contains("/slow"));
        proxy.close();
        busy.expectClosed();
      }
      assertThat(proxy.state()).isEqualTo(Proxy.State.STOPPED);
      assertThat(proxy.drain().toCompletableFuture()).isDone();
    }

    @Test
    void canBeDoneTwiceAndEndsReloading() throws Exception {
      configure("");
      Proxy proxy = start();
      proxy.close();
      proxy.close();
      assertThat(proxy.reload("test").result()).isEqualTo(ReloadReport.Result.REJECTED);
    }
  }
}
