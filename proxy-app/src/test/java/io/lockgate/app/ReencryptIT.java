package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.Bulk;
import io.lockgate.testkit.HttpMessage;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.NginxOrigin;
import io.lockgate.testkit.Patience;
import io.lockgate.testkit.RawClient;
import io.lockgate.testkit.TestCa;
import io.lockgate.testkit.TestKey;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TLS from the proxy to a real web server: right, wrong, and changing. */
class ReencryptIT {
  private static final List<String> UPSTREAMS =
      List.of("good", "wrongname", "expired", "untrusted", "mtls", "old");

  @TempDir static Path directory;
  private static final TestCa INSIDE = TestCa.root("Inside CA", TestKey.EC_P256);
  private static Site site;
  private static NginxOrigin origin;
  private static LockgateProcess proxy;

  @BeforeAll
  static void start() throws IOException {
    site = Site.in(directory);
    Path certificates = Files.createDirectories(directory.resolve("nginx"));
    INSIDE.writeRoot(directory.resolve("inside.pem"));
    INSIDE.writeRoot(certificates.resolve("inside.pem"));
    INSIDE.issue("app.internal").writeTo(certificates, "good");
    INSIDE.issue("*.elsewhere.internal").writeTo(certificates, "wrongname");
    INSIDE.leaf("app.internal").expired().issue().writeTo(certificates, "expired");
    TestCa.selfSigned("app.internal").issue().writeTo(certificates, "untrusted");
    presentAs("first.proxy");
    origin =
        NginxOrigin.startWithTlsServers(
            certificates,
            pair("good") + "ssl_protocols TLSv1.3; keepalive_requests 1;",
            pair("wrongname"),
            pair("expired"),
            pair("untrusted"),
            pair("good")
                + "ssl_client_certificate inside.pem; ssl_verify_client on;"
                + "location /who { return 200 $ssl_client_s_dn; }",
            pair("good") + "ssl_protocols TLSv1.2; keepalive_requests 1;");
    try (OutputStream file = Files.newOutputStream(origin.root().resolve("big"))) {
      Bulk.write(file, 20_000_000);
    }
    proxy = site.start(config());
  }

  @AfterAll
  static void stop() {
    proxy.close();
    origin.close();
  }

  private static String pair(String name) {
    return "ssl_certificate %s.pem; ssl_certificate_key %s.key;".formatted(name, name);
  }

  private static void presentAs(String name) {
    INSIDE.leaf(name).commonName(name).forClient().issue().writeTo(directory, "client");
  }

  private static String config() {
    StringBuilder upstreams = new StringBuilder();
    StringBuilder routes = new StringBuilder();
    for (int i = 0; i < UPSTREAMS.size(); i++) {
      String name = UPSTREAMS.get(i);
      String client = name.equals("mtls") ? ", client-certificate = client" : "";
      upstreams.append(
          """
          %s { servers = ["127.0.0.1:%d"]
            tls { server-name = app.internal, trust = "inside.pem"%s } }
          """
              .formatted(name, origin.tlsPort(i), client));
      routes.append(
          "{ path = \"/%s\", strip-prefix = \"/%s\", upstream = %s }%n"
              .formatted(name, name, name));
    }
    return Site.LISTENERS
        + "lockgate {%n certificates { client { chain = \"client.pem\", key = \"client.key\" } }%n"
            .formatted()
        + "upstreams {\n"
        + upstreams
        + "}\nhosts { \"www.example.com\" { routes = [\n"
        + routes
        + "] } } }\n";
  }

  private static HttpMessage get(String path) throws IOException {
    try (RawClient client = site.connect(proxy)) {
      client.send(Site.get(path));
      return client.readResponse();
    }
  }

  @Test
  void whatAServerThatProvesItsNameSendsComesUnchanged() {
    assertThat(site.curl(proxy, "https://www.example.com/good/big").runMeasuringOutput())
        .isEqualTo(Bulk.Seen.of(20_000_000));
  }

  @ParameterizedTest
  @CsvSource({
    "wrongname, does not cover app.internal: it is for *.elsewhere.internal",
    "expired, the server's certificate expired at",
    "untrusted, no trusted authority has issued",
  })
  void aServerThatDoesNotIsNotSpokenTo(String upstream, String reason) throws IOException {
    HttpMessage answer = get("/" + upstream + "/small");
    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.text()).startsWith("502 the server cannot be trusted");
    assertThat(proxy.admin("/upstreams")).contains("tls_verify_failed").contains(reason);
    Patience.until("the reason is logged", () -> proxy.errors(), text -> text.contains(reason));
    Patience.until(
        "the failure is counted",
        () ->
            proxy
                .metricIfPresent(
                    "lockgate_upstream_tls_handshakes_total",
                    "upstream=\"" + upstream + "\"",
                    "result=\"verify_failed\"")
                .orElse(0),
        count -> count >= 1);
  }

  @ParameterizedTest
  @CsvSource({"good, ticket", "old, cache"})
  void sessionsAreResumed(String upstream, String how) throws IOException {
    for (int i = 0; i < 10; i++) {
      assertThat(get("/" + upstream + "/small").text()).isEqualTo("ok");
    }
    Patience.until(
        "most handshakes resumed a session",
        () ->
            proxy
                .metricIfPresent(
                    "lockgate_upstream_tls_handshakes_total",
                    "upstream=\"" + upstream + "\"",
                    "resumed=\"" + how + "\"")
                .orElse(0),
        count -> count >= 5);
  }

  @Test
  void aServerThatAsksIsShownTheCertificateOfTheDay() throws IOException {
    assertThat(get("/mtls/who").text()).contains("CN=first.proxy");
    presentAs("second.proxy");
    proxy.reload();
    Patience.until(
        "new connections present the new certificate",
        () -> get("/mtls/who").text(),
        text -> text.contains("CN=second.proxy"));
  }

  @Test
  void theAdminEndpointTellsHowServersAreSpokenTo() {
    assertThat(proxy.admin("/upstreams"))
        .contains("\"protocol\":\"http/1.1\"")
        .contains("\"server_name\":\"app.internal\"");
  }
}
