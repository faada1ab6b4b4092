package io.lockgate.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.tls.HandshakeFailure;
import io.lockgate.tls.TlsFacts;
import java.time.Instant;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EcsFormatTest {
  private static final long NOW = Instant.parse("2026-11-23T09:08:07.065Z").toEpochMilli();
  private final EcsFormat format = new EcsFormat();

  private static String written(Consumer<Line> event) {
    Line line = new Line(Line.LONGEST);
    event.accept(line);
    assertThat(line.overflowed()).as("the longest line fits").isFalse();
    return line.toString();
  }

  private String line(LoggedExchange exchange) {
    return written(line -> format.exchange(line, NOW, exchange));
  }

  @Test
  void writesEveryFieldUnderTheSchemasName() {
    assertThat(line(LoggedExchange.ordinary()))
        .isEqualTo(
            "{\"@timestamp\":\"2026-11-23T09:08:07.065Z\",\"ecs.version\":\"8.11.0\","
                + "\"event.dataset\":\"lockgate.access\",\"event.outcome\":\"success\","
                + "\"event.duration\":7089999,\"client.address\":\"192.0.2.7\","
                + "\"client.ip\":\"192.0.2.7\",\"lockgate.listener\":\"https\","
                + "\"lockgate.host\":\"www.example\",\"network.protocol\":\"http\","
                + "\"http.version\":\"2\",\"http.request.method\":\"GET\","
                + "\"url.original\":\"/a?b=c\",\"http.response.status_code\":200,"
                + "\"http.request.body.bytes\":12,\"http.response.body.bytes\":3456,"
                + "\"lockgate.upstream\":\"app\",\"lockgate.server\":\"127.0.0.1:9001\","
                + "\"lockgate.upstream_duration\":5004000,\"lockgate.retries\":1,"
                + "\"tls.version_protocol\":\"tls\",\"tls.version\":\"1.3\","
                + "\"tls.cipher\":\"TLS_AES_128_GCM_SHA256\",\"tls.curve\":\"X25519\","
                + "\"tls.resumed\":true,\"tls.client.subject\":\"CN=billing\","
                + "\"tls.client.server_name\":\"www.example\","
                + "\"http.request.id\":\"0af7651916cd43dd\","
                + "\"user_agent.original\":\"curl/8\","
                + "\"http.request.referrer\":\"https://r.example/\"}\n");
  }

  @Test
  void leavesOutWhatDoesNotApply() {
    assertThat(line(new LoggedExchange("/", "", "", 200, "", TlsFacts.NONE)))
        .doesNotContain("tls.", "user_agent", "referrer", "error.type", "\"\"");
  }

  @ParameterizedTest
  @CsvSource({"200,'',success", "499,client_closed,failure", "502,connect_failed,failure"})
  void saysHowItEnded(int status, String error, String outcome) {
    assertThat(line(LoggedExchange.ordinary().withStatus(status).withError(error)))
        .contains("\"event.outcome\":\"" + outcome + "\"")
        .contains(error.isEmpty() ? "}" : "\"error.type\":\"" + error + "\"}");
  }

  @ParameterizedTest
  @ValueSource(ints = {'"', '\\', '\n', '\r', 0, 27, 127, 0x85, 0xe4})
  void escapesWhatCouldForgeAValueOrALine(int character) {
    assertThat(line(LoggedExchange.ordinary().withUserAgent("x" + (char) character + "y")))
        .containsPattern("\"user_agent\\.original\":\"x\\\\(u[0-9a-f]{4}|[\"\\\\])y\"")
        .matches("[ -~]*\n");
  }

  @Test
  void tellsOfARefusedHead() {
    assertThat(written(line -> format.rejection(line, NOW, "https", "192.0.2.7", "two_lengths")))
        .contains("\"event.outcome\":\"failure\"")
        .endsWith("\"http.response.status_code\":400,\"error.type\":\"two_lengths\"}\n");
  }

  @Test
  void tellsOfAFailedHandshake() {
    assertThat(
            written(
                line ->
                    format.handshake(
                        line,
                        NOW,
                        "https",
                        "other",
                        HandshakeFailure.UNKNOWN_HOST,
                        "192.0.2.7",
                        "no host \"x\"")))
        .endsWith(
            ",\"event.dataset\":\"lockgate.handshake\",\"event.action\":\"handshake_failed\","
                + "\"event.outcome\":\"failure\",\"client.address\":\"192.0.2.7\","
                + "\"client.ip\":\"192.0.2.7\",\"lockgate.listener\":\"https\","
                + "\"lockgate.host\":\"other\",\"error.type\":\"unknown_host\","
                + "\"event.reason\":\"no host \\\"x\\\"\"}\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"unix", "fe80::1%eth0", ""})
  void callsNothingAnAddressThatIsNone(String client) {
    assertThat(written(line -> format.rejection(line, NOW, "https", client, "x")))
        .doesNotContain("client.ip");
  }

  @Test
  void cutsWhatIsTooLongAndStillEndsTheLine() {
    String escaped = "\n".repeat(100_000);
    var tls =
        new TlsFacts(
            escaped,
            "TLSv1.3",
            escaped,
            escaped,
            escaped,
            escaped,
            TlsFacts.Resumption.FULL,
            escaped);
    assertThat(line(new LoggedExchange(escaped, escaped, escaped, 502, escaped, tls)))
        .endsWith("\\u000a...\"}\n")
        .doesNotContain("\n{");
  }
}
