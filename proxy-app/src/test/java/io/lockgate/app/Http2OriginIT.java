package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.Bulk;
import io.lockgate.testkit.H2Client;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.NghttpdOrigin;
import io.lockgate.testkit.NginxOrigin;
import io.lockgate.testkit.TestCa;
import io.lockgate.testkit.TestKey;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/2 from the proxy to real servers of it. */
class Http2OriginIT {
  private static final int BIG = 20_000_000;
  private static final int MANY = 5_000;

  @TempDir static Path directory;
  private static Site site;
  private static NghttpdOrigin clear;
  private static NghttpdOrigin secured;
  private static NginxOrigin nginx;
  private static LockgateProcess proxy;

  @BeforeAll
  static void start() throws IOException {
    site = Site.in(directory);
    TestCa inside = TestCa.root("Inside CA", TestKey.EC_P256);
    inside.writeRoot(directory.resolve("inside.pem"));
    Path origins = Files.createDirectories(directory.resolve("origins"));
    inside.issue("app.internal").writeTo(origins, "app");
    clear =
        NghttpdOrigin.start(
            origins, "--max-concurrent-streams=16", "--trailer=x-sum: 7", "--echo-upload");
    secured = NghttpdOrigin.startWithTls(origins, "app");
    nginx = NginxOrigin.startWithTls(Files.createDirectories(origins.resolve("nginx")), "../app");
    for (Path root : new Path[] {clear.root(), nginx.root()}) {
      try (OutputStream file = Files.newOutputStream(root.resolve("big"))) {
        Bulk.write(file, BIG);
      }
    }
    proxy = site.start(config());
  }

  @AfterAll
  static void stop() {
    proxy.close();
    clear.close();
    secured.close();
    nginx.close();
  }

  private static String config() {
    return Site.LISTENERS
        + """
        lockgate {
          upstreams {
            clear { servers = ["%s"], protocol = h2 }
            secured { servers = ["%s"], protocol = h2, tls { server-name = app.internal, trust = "inside.pem" } }
            auto { servers = ["127.0.0.1:%d"], protocol = auto, tls { server-name = app.internal, trust = "inside.pem" } }
            wrong { servers = ["127.0.0.1:%d"], protocol = h2 }
          }
          hosts { "www.example.com" { routes = [
            { path = "/clear", strip-prefix = "/clear", upstream = clear }
            { path = "/secured", strip-prefix = "/secured", upstream = secured }
            { path = "/auto", strip-prefix = "/auto", upstream = auto }
            { path = "/wrong", strip-prefix = "/wrong", upstream = wrong }
          ] } }
        }
        """
            .formatted(clear.address(), secured.address(), nginx.tlsPort(), nginx.port());
  }

  @ParameterizedTest
  @ValueSource(strings = {"clear", "secured", "auto"})
  void largeFilesComeUnchanged(String upstream) {
    assertThat(
            site.curl(proxy, "https://www.example.com/" + upstream + "/big").runMeasuringOutput())
        .isEqualTo(Bulk.Seen.of(BIG));
  }

  @ParameterizedTest
  @ValueSource(strings = {"clear", "secured", "auto"})
  void clientsOfHttp1AreServedAsWell(String upstream) {
    assertThat(
            site.curl(proxy, "--http1.1", "https://www.example.com/" + upstream + "/small")
                .run()
                .expectSuccess()
                .output())
        .isEqualTo("ok");
  }

  @Test
  void uploadsArriveUnchanged() {
    assertThat(
            site.curl(proxy, "-T", "-", "https://www.example.com/clear/upload")
                .input(out -> Bulk.write(out, BIG))
                .runMeasuringOutput())
        .isEqualTo(Bulk.Seen.of(BIG));
  }

  @Test
  void trailersPass() throws IOException {
    try (H2Client client = H2Client.connect(site.client(Site.WWW), proxy.port("https"))) {
      H2Client.Stream stream = client.await(client.get(Site.WWW, "/clear/small"));
      assertThat(stream.text()).isEqualTo("ok");
      assertThat(stream.heads()).last().extracting(head -> "" + head.get("x-sum")).isEqualTo("7");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"clear", "secured", "auto"})
  void manyRequestsShareFewConnections(String upstream) {
    H2Load.Outcome outcome =
        H2Load.of(proxy.port("https"), "/" + upstream + "/small", 4).http2(16).requests(MANY).run();
    assertThat(outcome.succeeded()).isEqualTo(MANY);
    double connections =
        proxy.metric("lockgate_upstream_connections", "upstream=\"" + upstream + "\"");
    assertThat(connections).as("connections to the server").isBetween(1.0, 10.0);
  }

  @Test
  void aServerOfHttp1IsRefused() {
    assertThat(
            site.curl(proxy, "-w", " %{http_code}", "https://www.example.com/wrong/small")
                .run()
                .expectSuccess()
                .output())
        .startsWith("502 the server does not speak the protocol expected")
        .endsWith(" 502");
    assertThat(proxy.admin("/upstreams")).contains("wrong_protocol");
  }
}
