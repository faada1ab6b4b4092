package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.H2Client;
import io.lockgate.testkit.HttpMessage;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** RFC 9110 section 15.5.20: the terms of one host's TLS do not open another host. */
class MisdirectedRequestIT {
  private static final String HOSTS =
      """
      lockgate.hosts {
        "www.example.com" { routes = [ { path = "/", respond { status = 200, body = "www" } } ] }
        "api.example.com" {
          tls-policy = modern
          routes = [ { path = "/", respond { status = 200, body = "api" } } ]
        }
      }
      """;

  @TempDir static Path directory;
  private static Site site;
  private static LockgateProcess proxy;

  @BeforeAll
  static void start() throws IOException {
    site = Site.in(directory);
    proxy = site.start(Site.LISTENERS + HOSTS);
  }

  @AfterAll
  static void stop() {
    proxy.close();
  }

  @Test
  void hostOfOtherTermsIsMisdirectedOverHttp11() throws IOException {
    try (RawClient client = site.connect(proxy)) {
      client.send("GET / HTTP/1.1\r\nHost: api.example.com\r\n\r\n");
      HttpMessage response = client.readResponse();
      assertThat(response.status()).isEqualTo(421);
      assertThat(response.text()).doesNotContain("api");
    }
  }

  @Test
  void hostOfOtherTermsIsMisdirectedOverHttp2AndTheConnectionGoesOn() throws IOException {
    try (H2Client client = H2Client.connect(site.client(Site.WWW), proxy.port("https"))) {
      assertThat(client.await(client.get(Site.API, "/")).status()).isEqualTo(421);
      assertThat(client.await(client.get(Site.WWW, "/")).text()).isEqualTo("www");
    }
  }

  @Test
  void ownHostIsServedWithAnyCaseAndPort() throws IOException {
    try (RawClient client = site.client(Site.API).connect(proxy.port("https"))) {
      client.send("GET / HTTP/1.1\r\nHost: API.example.com:" + proxy.port("https") + "\r\n\r\n");
      assertThat(client.readResponse().text()).isEqualTo("api");
    }
  }
}
