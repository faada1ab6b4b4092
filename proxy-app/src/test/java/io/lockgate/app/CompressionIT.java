package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.HttpMessage;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.RawClient;
import io.lockgate.testkit.ScriptedOrigin;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compressed responses as curl has them. */
class CompressionIT {
  private static final String TEXT = "All work and no play makes Jack a dull boy.\n".repeat(2_000);

  @TempDir static Path directory;
  private static Site site;
  private static ScriptedOrigin origin;
  private static LockgateProcess proxy;

  @BeforeAll
  static void start() throws IOException {
    site = Site.in(directory);
    origin = ScriptedOrigin.playing(CompressionIT::play);
    proxy =
        site.start(
            Site.LISTENERS
                + """
                lockgate {
                  upstreams { app { servers = ["%s"] } }
                  hosts { "www.example.com" { compression = on, routes = [
                    { path = "/plain", upstream = app, compression = off }
                    { path = "/", upstream = app }
                  ] } }
                }
                """
                    .formatted(origin.address()));
  }

  @AfterAll
  static void stop() throws IOException {
    proxy.close();
    origin.close();
  }

  private static void play(ScriptedOrigin.Peer peer) throws IOException {
    peer.readHead();
    peer.write(
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nETag: \"x\"\r\nContent-Length: "
            + TEXT.length()
            + "\r\n\r\n"
            + TEXT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--http1.1", "--http2"})
  void curlGetsTheSameTextInFewerOctets(String version) {
    assertThat(
            site.curl(proxy, version, "--compressed", "https://www.example.com/")
                .run()
                .expectSuccess()
                .output())
        .isEqualTo(TEXT);
    String sizes =
        site.curl(
                proxy,
                version,
                "-H",
                "Accept-Encoding: gzip",
                "-o",
                "/dev/null",
                "-w",
                "%{size_download}",
                "https://www.example.com/")
            .run()
            .expectSuccess()
            .output();
    assertThat(Integer.parseInt(sizes)).isBetween(1, TEXT.length() / 10);
  }

  @Test
  void aRouteMayBeLeftOut() throws IOException {
    try (RawClient client = site.connect(proxy)) {
      HttpMessage response =
          client
              .send("GET /plain HTTP/1.1\r\nHost: www.example.com\r\nAccept-Encoding: gzip\r\n\r\n")
              .readResponse();
      assertThat(response.field("Content-Encoding")).isEmpty();
      assertThat(response.field("Vary")).isEmpty();
      assertThat(response.text()).isEqualTo(TEXT);
    }
  }
}
