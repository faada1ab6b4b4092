package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainCommandTest {
  private static final String CONFIG =
      """
      lockgate {
        listeners {
          https { address = "127.0.0.1:8443" }
          http { address = "127.0.0.1:8080", tls = off, redirect-to-https = on }
        }
        certificates { www { chain = "www.pem", key = "www.key" } }
        tls-policies { partners { base = intermediate, min-version = "1.3" } }
        upstreams { app { servers = ["127.0.0.1:9001"] } }
        hosts {
          "www.example.com" {
            listeners = [https], tls-policy = partners
            routes = [
              { path = "/api", methods = [POST], respond { status = 204 } },
              { path = "/api", upstream = app }
              { exact = "/ping", respond { status = 200 } }
            ]
          }
          "*.example.com" { routes = [ { path = "/", upstream = app } ] }
          "api.example.com" { routes = [ { path = "/", upstream = app } ] }
        }
      }
      """;

  @TempDir Path directory;
  private final Recorded process = new Recorded();

  @BeforeEach
  void files() throws IOException {
    Site site = Site.in(directory);
    site.ca().issue("*.example.com").writeTo(directory, "www");
    Files.writeString(directory.resolve("lockgate.conf"), CONFIG);
  }

  private String explain(int exit, String asked, String... more) {
    String[] line = {"explain", asked, "-c", directory.resolve("lockgate.conf").toString()};
    String[] all = java.util.Arrays.copyOf(line, line.length + more.length);
    System.arraycopy(more, 0, all, line.length, more.length);
    assertThat(process.lockgate(all)).as(process.err()).isEqualTo(exit);
    return process.out();
  }

  @Test
  void namesWhoServesWithTheLineOfEach() {
    assertThat(explain(0, "www.example.com/api/x"))
        .containsSubsequence(
            "host ",
            "www.example.com",
            "\"www.example.com\" is its exact name; wins over \"*.example.com\"",
            "lockgate.conf:10",
            "listener ",
            "https at 127.0.0.1:8443 (TLS, h2 and http/1.1)",
            "lockgate.conf:3",
            "tls policy",
            "partners: TLS 1.3 to 1.3",
            "certificate ",
            "www (",
            "lockgate.conf:6",
            "route ",
            "path /api for POST: answered here with 204",
            "lockgate.conf:13",
            "beaten route",
            "path /api: forwarded to app",
            "upstream ",
            "app: 127.0.0.1:9001",
            "lockgate.conf:8")
        .doesNotContain("http at");
  }

  @Test
  void wildcardCoversOneLabel() {
    assertThat(explain(0, "shop.example.com"))
        .contains("the wildcard \"*.example.com\" covers it, one label deep");
  }

  @Test
  void saysWhatBecomesOfAHostThatNobodyServes() {
    assertThat(explain(1, "a.b.example.com"))
        .contains("refused", "no host covers \"a.b.example.com\"", "unrecognized_name");
  }

  @Test
  void saysWhyACertificateCannotServeAndFailsAsCheckDoes() throws IOException {
    Site.in(directory).ca().issue("*.example.com").writeTo(directory, "other");
    Files.copy(
        directory.resolve("other.key"),
        directory.resolve("www.key"),
        StandardCopyOption.REPLACE_EXISTING);
    assertThat(explain(78, "www.example.com/api")).contains("no certificate covers");
    assertThat(process.err()).contains("error[key-mismatch]", "1 error, 0 warnings");
  }

  @Test
  void saysThatNoRouteTakesThePath() {
    assertThat(explain(1, "www.example.com/other")).contains("none: answered with 404");
  }

  @Test
  void isOneDocumentForScripts() {
    String document = explain(0, "https://www.example.com/ping", "--json");
    assertThat(Json.object(document)).containsEntry("served", true).containsEntry("path", "/ping");
  }
}
