package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.Bulk;
import io.lockgate.testkit.HttpMessage;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.NginxOrigin;
import io.lockgate.testkit.RawClient;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real web server behind the proxy behaves as if the proxy were not there. */
class NginxOriginIT {
  @TempDir static Path directory;
  private static Site site;
  private static NginxOrigin origin;
  private static LockgateProcess proxy;

  @BeforeAll
  static void start() throws IOException {
    site = Site.in(directory);
    origin = NginxOrigin.start(directory.resolve("nginx"));
    try (OutputStream file = Files.newOutputStream(origin.root().resolve("big"))) {
      Bulk.write(file, 50_000_000);
    }
    proxy = site.start(Site.forwardingTo(origin.address()));
  }

  @AfterAll
  static void stop() {
    proxy.close();
    origin.close();
  }

  private static HttpMessage exchange(String path, String more) throws IOException {
    try (RawClient client = site.connect(proxy)) {
      client.send("GET " + path + " HTTP/1.1\r\nHost: www.example.com\r\n" + more + "\r\n");
      return client.readResponse();
    }
  }

  @Test
  void filesComeUnchanged() {
    assertThat(site.curl(proxy, "https://www.example.com/big").runMeasuringOutput())
        .isEqualTo(Bulk.Seen.of(50_000_000));
  }

  @Test
  void rangesPass() throws IOException {
    HttpMessage part = exchange("/big", "Range: bytes=10-19\r\n");
    assertThat(part.status()).isEqualTo(206);
    assertThat(part.field("Content-Range")).hasValue("bytes 10-19/50000000");
    assertThat(part.text()).hasSize(10);
  }

  @Test
  void conditionalRequestsPass() throws IOException {
    String tag = exchange("/small", "").field("ETag").orElseThrow();
    HttpMessage unchanged = exchange("/small", "If-None-Match: " + tag + "\r\n");
    assertThat(unchanged.status()).isEqualTo(304);
    assertThat(unchanged.field("ETag")).hasValue(tag);
  }

  @Test
  void redirectsOfTheOriginNameTheHostThatTheClientAskedFor() throws IOException {
    assertThat(exchange("/moved", "").field("Location").orElseThrow())
        .startsWith("http://www.example.com");
  }

  @Test
  void errorsOfTheOriginAreItsOwn() throws IOException {
    HttpMessage missing = exchange("/missing", "");
    assertThat(missing.status()).isEqualTo(404);
    assertThat(missing.text()).contains("nginx");
  }
}
