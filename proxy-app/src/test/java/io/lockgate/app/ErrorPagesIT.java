package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.EchoOrigin;
import io.lockgate.testkit.HttpMessage;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages, security headers and redirects as a client gets them. */
class ErrorPagesIT {
  private static final String CONFIG =
      """
      lockgate {
        listeners {
          https { address = "127.0.0.1:{{https}}" }
          mapped { address = "127.0.0.1:{{mapped}}", tls = off, redirect-to-https = on, redirect-port = 443 }
        }
        certificates { www { chain = "www.pem", key = "www.key" } }
        access-log { format = off }
        http { error-pages { 4xx = "4xx.html", 400 = "400.txt" } }
        upstreams { app { servers = ["%s"] } }
        hosts { "www.example.com" {
          security-headers = on, intercept-errors = on
          error-pages { 503 = "503.html", 410 = "410.html" }
          routes = [ { path = "/status", upstream = app }, { path = "/bytes", upstream = app } ]
        } }
      }
      """;

  @TempDir static Path directory;
  private static Site site;
  private static EchoOrigin origin;
  private static LockgateProcess proxy;

  @BeforeAll
  static void start() throws IOException {
    site = Site.in(directory);
    Files.writeString(directory.resolve("4xx.html"), "<h1>%{status}</h1><p>%{request-id}</p>");
    Files.writeString(directory.resolve("400.txt"), "not HTTP\n");
    Files.writeString(directory.resolve("503.html"), "busy");
    Files.writeString(directory.resolve("410.html"), "before");
    origin = EchoOrigin.start();
    proxy = site.start(CONFIG.formatted(origin.address()));
  }

  @AfterAll
  static void stop() throws IOException {
    proxy.close();
    origin.close();
  }

  private static HttpMessage exchange(String request) throws IOException {
    try (RawClient client = site.connect(proxy)) {
      return client.send(request).readResponse();
    }
  }

  @Test
  void thePageNamesStatusAndRequest() throws IOException {
    HttpMessage response = exchange(Site.get("/nowhere"));
    assertThat(response.status()).isEqualTo(404);
    assertThat(response.field("Content-Type")).hasValue("text/html; charset=utf-8");
    assertThat(response.text())
        .isEqualTo("<h1>404</h1><p>" + response.field("X-Request-Id").orElseThrow() + "</p>");
  }

  @Test
  void aServersErrorsAreReplacedAndItsConnectionsKept() throws IOException {
    try (RawClient client = site.connect(proxy)) {
      assertThat(client.send(Site.get("/status/503")).readResponse().text()).isEqualTo("busy");
      int connections = origin.connections();
      assertThat(client.send(Site.get("/status/503")).readResponse().text()).isEqualTo("busy");
      assertThat(client.send(Site.get("/status/500")).readResponse().text())
          .as("there is no page for it")
          .isEmpty();
      assertThat(origin.connections()).isEqualTo(connections);
    }
  }

  @Test
  void whoAsksForJsonGetsAProblem() throws IOException {
    HttpMessage response =
        exchange(
            "GET /nowhere HTTP/1.1\r\nHost: www.example.com\r\nAccept: application/json\r\n\r\n");
    assertThat(response.field("Content-Type")).hasValue("application/problem+json");
    assertThat(response.text()).contains("\"status\":404");
  }

  @Test
  void whatIsNoRequestGetsThePageOfAllHosts() throws IOException {
    assertThat(exchange("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n").text())
        .isEqualTo("not HTTP\n");
  }

  @Test
  void securityHeadersStandOnEveryAnswer() throws IOException {
    for (String path : new String[] {"/nowhere", "/bytes/3", "/status/503"}) {
      assertThat(exchange(Site.get(path)).field("X-Content-Type-Options"))
          .as(path)
          .hasValue("nosniff");
    }
  }

  @Test
  void behindAMappingOfPortsTheRedirectGoesWhereTheOperatorSays() throws IOException {
    try (RawClient client = RawClient.connect(proxy.port("mapped"))) {
      HttpMessage response =
          client.send("GET /a HTTP/1.1\r\nHost: www.example.com:8080\r\n\r\n").readResponse();
      assertThat(response.field("Location")).hasValue("https://www.example.com/a");
    }
  }

  @Test
  void aPageThatChangesCountsFromTheNextReload() throws IOException {
    assertThat(exchange(Site.get("/status/410")).text()).isEqualTo("before");
    Files.writeString(directory.resolve("410.html"), "after");
    proxy.reload();
    assertThat(exchange(Site.get("/status/410")).text()).isEqualTo("after");
  }
}
