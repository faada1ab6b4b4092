package io.lockgate.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.alert.Silence;
import io.lockgate.alert.Silences;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SilenceOrdersTest {
  private final RecordingSources sources = new RecordingSources();
  private final SilenceOrders orders = new SilenceOrders(sources);

  @AfterEach
  void close() {
    sources.watch.close();
  }

  @ParameterizedTest
  @CsvSource({"90s, PT90S", "30m, PT30M", "2h, PT2H", "30d, PT720H"})
  void silencesForSoLong(String text, Duration length) {
    AdminResponse response =
        add("{\"match\": {\"host\": \"a.example\"}, \"for\": \"" + text + "\"}");

    assertThat(response.status()).isEqualTo(200);
    Silence silence = sources.silences().all().get(0);
    assertThat(silence.match()).containsExactly(Map.entry("host", "a.example"));
    assertThat(Duration.between(silence.startsAt(), silence.endsAt())).isEqualTo(length);
    assertThat(json(response).at("/id").asString()).isEqualTo(silence.id());
  }

  @Test
  void keepsTheComment() {
    add("{\"match\": {\"host\": \"a\"}, \"for\": \"1h\", \"comment\": \"new disks\"}");

    assertThat(sources.silences().all().get(0).comment()).isEqualTo("new disks");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"match\": {}, \"for\": \"1h\"}",
        "{\"match\": {\"host\": \"a\"}}",
        "{\"match\": {\"host\": 1}, \"for\": \"1h\"}",
        "{\"match\": {\"host\": \"a\", \"b\": null}, \"for\": \"1h\"}",
        "{\"match\": \"host\", \"for\": \"1h\"}",
        "{\"match\": {\"host\": \"a\"}, \"for\": \"0h\"}",
        "{\"match\": {\"host\": \"a\"}, \"for\": \"-1h\"}",
        "{\"match\": {\"host\": \"a\"}, \"for\": \"1\"}",
        "{\"match\": {\"host\": \"a\"}, \"for\": 60}",
        "{\"match\": {\"host\": \"a\"}, \"for\": \"31d\"}",
        "{\"match\": {\"host\": \"a\"}, \"for\": \"9999999999999999999d\"}"
      })
  void silencesNothingIfItIsUncertainWhatIsMeant(String body) {
    assertThat(add(body).status()).isEqualTo(400);
    assertThat(sources.silences().all()).isEmpty();
  }

  @Test
  void refusesACommentThatIsTooLong() {
    String comment = "x".repeat(1_001);

    assertThat(
            add("{\"match\": {\"host\": \"a\"}, \"for\": \"1h\", \"comment\": \"" + comment + "\"}")
                .status())
        .isEqualTo(400);
  }

  @Test
  void refusesMoreThanItsBound() {
    for (int i = 0; i < Silences.MOST; i++) {
      sources.silences().add(Map.of("host", "a"), Duration.ofHours(1), "");
    }

    assertThat(add("{\"match\": {\"host\": \"b\"}, \"for\": \"1h\"}").status()).isEqualTo(409);
  }

  @Test
  void endsOneByItsId() {
    String id = json(add("{\"match\": {\"host\": \"a\"}, \"for\": \"1h\"}")).at("/id").asString();

    assertThat(end("{\"id\": \"" + id + "\"}").status()).isEqualTo(200);
    assertThat(sources.silences().all()).isEmpty();
    assertThat(end("{\"id\": \"" + id + "\"}").status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "{\"id\": 1}", "[]"})
  void endsNothingWithoutAnId(String body) {
    add("{\"match\": {\"host\": \"a\"}, \"for\": \"1h\"}");

    assertThat(end(body).status()).isEqualTo(404);
    assertThat(sources.silences().all()).hasSize(1);
  }

  private AdminResponse add(String body) {
    return orders.add(request(body));
  }

  private AdminResponse end(String body) {
    return orders.end(request(body));
  }

  private static AdminRequest request(String body) {
    return new AdminRequest(
        "POST",
        "/silences",
        Map.of(),
        new DefaultHttpHeaders(),
        body.getBytes(UTF_8),
        InetAddress.getLoopbackAddress());
  }

  private static JsonNode json(AdminResponse response) {
    return JsonMapper.shared().readTree(response.body());
  }
}
