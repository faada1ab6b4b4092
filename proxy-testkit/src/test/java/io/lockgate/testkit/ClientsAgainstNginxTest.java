package io.lockgate.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The clients are proved against a server that nobody here has written. */
class ClientsAgainstNginxTest {
  @TempDir static Path directory;
  private static final TestCa CA = TestCa.root();
  private static NginxOrigin nginx;

  @BeforeAll
  static void start() throws IOException {
    CA.issue("www.example.com").writeTo(directory, "www");
    nginx = NginxOrigin.startWithTls(directory, "www");
    Files.writeString(nginx.root().resolve("page.html"), "<p>hello</p>");
  }

  @AfterAll
  static void stop() {
    nginx.close();
  }

  private static TlsClient client() {
    return TlsClient.trusting(CA.certificate()).withServerName("www.example.com");
  }

  @Test
  void rawClientReadsAnswersInClear() throws IOException {
    try (RawClient client = RawClient.connect(nginx.port())) {
      client.send("GET /page.html HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.readResponse().text()).isEqualTo("<p>hello</p>");
      client.send("HEAD /page.html HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      assertThat(client.readResponseToHead().field("Content-Length")).hasValue("12");
      client.expectClosed();
    }
  }

  @Test
  void tlsClientChoosesTheVersionAndChecksTheName() throws IOException {
    try (RawClient client = client().withVersion("TLSv1.2").connect(nginx.tlsPort())) {
      assertThat(client.tlsSession().getProtocol()).isEqualTo("TLSv1.2");
      assertThat(client.applicationProtocol()).isEqualTo("http/1.1");
      client.send("GET /small HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.readResponse().text()).isEqualTo("ok");
    }
    assertThatThrownBy(() -> client().withServerName("other.example.com").connect(nginx.tlsPort()))
        .hasMessageContaining("does not cover other.example.com");
    assertThatThrownBy(
            () -> TlsClient.trusting(TestCa.root().certificate()).connect(nginx.tlsPort()))
        .isInstanceOf(IOException.class);
  }

  @Test
  void h2ClientSeesHeadsContentAndManyStreams() throws IOException {
    try (H2Client client = H2Client.connect(client(), nginx.tlsPort())) {
      int first = client.get("www.example.com", "/page.html");
      int second = client.get("www.example.com", "/missing");
      assertThat(client.await(second).status()).isEqualTo(404);
      assertThat(client.await(first).text()).isEqualTo("<p>hello</p>");
      assertThat(client.await(first).field("content-type")).hasValue("text/html");
      client.roundTrip();
    }
  }

  @Test
  void commandRunsCurlAndMeasuresItsOutput() {
    String url = "https://www.example.com:" + nginx.tlsPort() + "/small";
    String resolve = "www.example.com:" + nginx.tlsPort() + ":127.0.0.1";
    Path root = CA.writeRoot(directory.resolve("root.pem"));
    Command curl =
        Command.of(
            "curl", "-sS", "--http2", "--cacert", root.toString(), "--resolve", resolve, url);
    assertThat(curl.run().expectSuccess().output()).isEqualTo("ok");
    assertThat(curl.runMeasuringOutput().length()).isEqualTo(2);
  }

  @Test
  void commandKillsWhatTakesTooLong() {
    Command endless = Command.of("sleep", "600").atMost(Duration.ofMillis(50));
    assertThatThrownBy(endless::run)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("took longer than");
  }

  @Test
  void missingToolFailsAndNamesWhatToInstall() {
    assertThatThrownBy(() -> Command.requireTool("no-such-tool"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("apt-get install no-such-tool");
  }
}
