package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.Patience;
import io.lockgate.testkit.ScriptedOrigin;
import io.lockgate.testkit.TlsSide;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Origins that promise to keep a connection and close it with the answer, so that every one of
 * thousands of requests may meet a connection in the moment of its end (RFC 9112 section 9.3.1). No
 * idempotent request may be lost, without any retry that needs leave.
 */
class ClosingOriginIT {
  private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final String CHUNKED =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n";

  @TempDir static Path directory;
  private static final Map<String, ScriptedOrigin> ORIGINS = new LinkedHashMap<>();
  private static ScriptedOrigin good;
  private static LockgateProcess proxy;

  @BeforeAll
  static void start() throws IOException {
    Site site = Site.in(directory);
    TlsSide tls = TlsSide.of(site.ca().issue(Site.WWW));
    ORIGINS.put(
        "closing",
        ScriptedOrigin.playing(
            peer -> {
              peer.readRequest();
              peer.write(ANSWER);
            }));
    ORIGINS.put(
        "chunked",
        ScriptedOrigin.playing(
            peer -> {
              peer.readRequest();
              peer.write(CHUNKED);
            }));
    ORIGINS.put(
        "sometimes",
        ScriptedOrigin.playing(
            peer -> {
              for (int i = 0; i <= peer.number() % 3; i++) {
                peer.readRequest();
                peer.write(ANSWER);
              }
            }));
    ORIGINS.put(
        "secure",
        ScriptedOrigin.playing(
            tls,
            peer -> {
              peer.readRequest();
              peer.write(ANSWER);
            }));
    good = ScriptedOrigin.answering(ANSWER);
    proxy = site.start(config());
  }

  private static String config() {
    List<String> upstreams = new ArrayList<>();
    List<String> routes = new ArrayList<>();
    ORIGINS.forEach(
        (name, origin) -> {
          String tls =
              name.equals("secure")
                  ? ", tls { server-name = www.example.com, trust = \"root.pem\" }"
                  : "";
          upstreams.add(
              "%s { servers = [\"%s\"], connect-timeout = 60s, retry { attempts = 0, budget = 0%% }%s }"
                  .formatted(name, origin.address(), tls));
          routes.add("{ path = \"/%s\", upstream = %s }".formatted(name, name));
        });
    upstreams.add("good { servers = [\"%s\"] }".formatted(good.address()));
    routes.add("{ path = \"/good\", upstream = good }");
    return Site.LISTENERS
        + "lockgate.upstreams {\n"
        + String.join("\n", upstreams)
        + "\n}\nlockgate.hosts.\"www.example.com\".routes = [\n"
        + String.join("\n", routes)
        + "\n]\n";
  }

  @AfterAll
  static void stop() throws IOException {
    proxy.close();
    for (ScriptedOrigin origin : ORIGINS.values()) {
      origin.close();
    }
    good.close();
  }

  @ParameterizedTest
  @CsvSource({"closing, 2000", "chunked, 500", "sometimes, 2000", "secure, 300"})
  void losesNoRequestOfHttp2(String origin, int requests) {
    assertThat(
            H2Load.of(proxy.port("https"), "/" + origin, 4)
                .requests(requests)
                .http2(8)
                .run()
                .good())
        .isEqualTo(requests);
    assertThat(ORIGINS.get(origin).connections()).isGreaterThan(requests / 4);
  }

  @ParameterizedTest
  @CsvSource({"closing, 1000", "sometimes, 1000"})
  void losesNoRequestOfHttp1(String origin, int requests) {
    assertThat(H2Load.of(proxy.port("https"), "/" + origin, 8).requests(requests).http1().run())
        .extracting(H2Load.Outcome::good)
        .isEqualTo((long) requests);
  }

  @Test
  void leavesNothingOpenAndDoesNotTouchOthers() {
    H2Load.of(proxy.port("https"), "/closing", 4).requests(500).http2(8).run();
    assertThat(H2Load.of(proxy.port("https"), "/good", 2).requests(100).http2(4).run().good())
        .isEqualTo(100);
    Patience.until(
        "no connection to the closing origin is left",
        () -> proxy.metric("lockgate_upstream_connections", "upstream=\"closing\"") == 0);
    assertThat(proxy.metric("lockgate_upstream_healthy", "upstream=\"closing\"")).isEqualTo(1);
  }
}
