package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.Patience;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers whose health is asked for as gRPC has it, of grpc-java's own health service. */
class GrpcHealthIT {
  private static final String CONFIG =
      """
      lockgate {
        upstreams {
          whole { servers = ["127.0.0.1:%1$d"], protocol = h2, health { type = grpc, interval = 200ms, timeout = 10s } }
          cart { servers = ["127.0.0.1:%1$d"], protocol = h2, health { type = grpc, service = "shop.Cart", interval = 200ms, timeout = 10s } }
          unknown { servers = ["127.0.0.1:%1$d"], protocol = h2, health { type = grpc, service = "shop.Till", interval = 200ms, timeout = 10s } }
          secure {
            servers = ["127.0.0.1:%2$d"], protocol = auto
            tls { server-name = "www.example.com", trust = "root.pem" }
            health { type = grpc, service = "shop.Cart", interval = 200ms, timeout = 10s }
          }
          without { servers = ["127.0.0.1:%3$d"], protocol = h2, health { type = grpc, interval = 200ms, timeout = 10s } }
        }
        hosts { "www.example.com" { routes = [
          { path = "/whole", upstream = whole }, { path = "/cart", upstream = cart }
          { path = "/unknown", upstream = unknown }, { path = "/secure", upstream = secure }
          { path = "/without", upstream = without }
        ] } }
      }
      """;

  private static final HealthStatusManager HEALTH = new HealthStatusManager();

  @TempDir static Path directory;
  private static Server plain;
  private static Server secure;
  private static Server without;
  private static LockgateProcess proxy;

  @BeforeAll
  static void start() throws IOException {
    Site site = Site.in(directory);
    HEALTH.setStatus("shop.Cart", ServingStatus.SERVING);
    plain = onLoopback().addService(HEALTH.getHealthService()).build().start();
    secure =
        onLoopback()
            .sslContext(
                GrpcSslContexts.forServer(
                        directory.resolve("www.pem").toFile(),
                        directory.resolve("www.key").toFile())
                    .build())
            .addService(HEALTH.getHealthService())
            .build()
            .start();
    without = onLoopback().build().start();
    proxy =
        site.start(
            Site.LISTENERS
                + CONFIG.formatted(plain.getPort(), secure.getPort(), without.getPort()));
  }

  private static NettyServerBuilder onLoopback() {
    return NettyServerBuilder.forAddress(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  @AfterAll
  static void stop() {
    proxy.close();
    plain.shutdownNow();
    secure.shutdownNow();
    without.shutdownNow();
  }

  private static String shown(String upstream) {
    String all = proxy.admin("/upstreams").replace(" ", "");
    int at = all.indexOf("\"name\":\"" + upstream + "\",\"protocol\"");
    return all.substring(at, all.indexOf("}]", at));
  }

  private static void await(String upstream, String state, String why) {
    Patience.until(
        upstream + " is " + state + why,
        () -> shown(upstream),
        its -> its.contains("\"state\":\"" + state + "\"") && its.contains(why));
  }

  private static double goodChecks(String upstream) {
    return proxy.metric(
        "lockgate_upstream_health_checks_total",
        "upstream=\"" + upstream + "\"",
        "result=\"good\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cart", "secure"})
  void aServiceThatSaysItDoesNotServeGetsNoRequestsUntilItDoes(String upstream) {
    double before = goodChecks(upstream);
    Patience.until("it was checked and is well", () -> goodChecks(upstream) > before);
    await(upstream, "ready", "");
    HEALTH.setStatus("shop.Cart", ServingStatus.NOT_SERVING);
    await(upstream, "unhealthy", "gRPChealthsaysNOT_SERVING");
    HEALTH.setStatus("shop.Cart", ServingStatus.SERVING);
    await(upstream, "ready", "");
  }

  @Test
  void aServerAsAWholeIsAskedWithoutAService() {
    Patience.until("it was checked", () -> goodChecks("whole") > 0);
    assertThat(shown("whole")).contains("\"state\":\"ready\"");
  }

  @Test
  void aServiceThatTheServerDoesNotKnowIsNotWell() {
    await("unknown", "unhealthy", "doesnotknowtheservice\\\"shop.Till");
  }

  @Test
  void aServerWithoutAHealthServiceIsNotWell() {
    await("without", "unhealthy", "hasnohealthservice");
  }
}
