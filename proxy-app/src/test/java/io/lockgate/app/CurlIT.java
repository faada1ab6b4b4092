package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.Bulk;
import io.lockgate.testkit.Command;
import io.lockgate.testkit.EchoOrigin;
import io.lockgate.testkit.LockgateProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** curl, as most operators will meet the proxy first. */
class CurlIT {
  private static final String URL = "https://www.example.com/";

  @TempDir static Path directory;
  private static Site site;
  private static EchoOrigin origin;
  private static LockgateProcess proxy;

  @BeforeAll
  static void start() throws IOException {
    site = Site.in(directory);
    origin = EchoOrigin.start();
    proxy = site.start(Site.forwardingTo(origin.address()));
  }

  @AfterAll
  static void stop() throws IOException {
    proxy.close();
    origin.close();
  }

  @ParameterizedTest
  @CsvSource({"--http1.1, 1.1", "--http2, 2"})
  void speaksTheVersionThatCurlAsksFor(String option, String version) {
    Command.Result result =
        site.curl(proxy, option, "-w", "\n%{http_version} %{http_code}", URL + "a?b=c").run();
    assertThat(result.expectSuccess().output())
        .startsWith("GET /a?b=c HTTP/1.1\n")
        .endsWith("\n" + version + " 200");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.2", "1.3"})
  void speaksBothVersionsOfTls(String version) {
    Command.Result result =
        site.curl(proxy, "-v", "--tlsv" + version, "--tls-max", version, URL).run();
    assertThat(result.expectSuccess().errors()).contains("SSL connection using TLSv" + version);
  }

  @Test
  void isFoundByResolve() {
    int port = proxy.port("https");
    Command.of(
            "curl",
            "-sS",
            "--cacert",
            site.root().toString(),
            "--resolve",
            "www.example.com:" + port + ":127.0.0.1",
            "https://www.example.com:" + port + "/")
        .run()
        .expectSuccess();
    assertThat(origin.lastRequest().field("Host"))
        .as("Host goes on as the client sent it")
        .hasValue("www.example.com:" + port);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--http1.1", "--http2"})
  void answersHeadWithTheLengthAndNoContent(String option) {
    Command.Result result = site.curl(proxy, option, "--head", URL + "bytes/1000").run();
    assertThat(result.expectSuccess().output())
        .containsIgnoringCase("content-length: 1000")
        .endsWith("\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--http1.1", "--http2"})
  void passesOnChunkedAnswers(String option) {
    assertThat(site.curl(proxy, option, URL + "chunked/300000").runMeasuringOutput())
        .isEqualTo(Bulk.Seen.of(300_000));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--http1.1", "--http2"})
  void passesOnUploadsOfUnknownLength(String option) {
    String echoed =
        site.curl(proxy, option, "-T", "-", URL + "echo")
            .input(out -> out.write("streamed up and down".getBytes(StandardCharsets.US_ASCII)))
            .run()
            .expectSuccess()
            .output();
    assertThat(echoed).isEqualTo("streamed up and down");
  }

  @Test
  void letsTheOriginAskForTheContent() {
    Command.Result result =
        site.curl(proxy, "--http1.1", "-v", "-H", "Expect: 100-continue", "-d", "x", URL + "sink")
            .run();
    assertThat(result.expectSuccess().errors()).contains("< HTTP/1.1 100 Continue");
    assertThat(result.output()).startsWith("length=1 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--http1.1", "--http2"})
  void keepsOneConnectionForManyRequests(String option) {
    Command.Result result =
        site.curl(proxy, option, "-w", "\n%{num_connects}\n", URL, URL, URL).run();
    assertThat(result.expectSuccess().output().lines().filter(line -> line.equals("0")))
        .as("curl opened a connection for the first request only")
        .hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 304, 404, 500, 503})
  void passesOnWhateverStatusTheOriginGives(int status) {
    Command.Result result =
        site.curl(proxy, "-o", "/dev/null", "-w", "%{http_code}", URL + "status/" + status).run();
    assertThat(result.expectSuccess().output()).isEqualTo("" + status);
  }
}
