package io.lockgate.trace;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.lockgate.exchange.Trace;
import io.lockgate.testkit.Patience;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpanExporterTest {
  private final Queue<String> posts = new ConcurrentLinkedQueue<>();
  private final SpanExporter exporter = new SpanExporter("1.2.3", Duration.ofSeconds(20));
  private HttpServer collector;
  private int status = 200;

  @BeforeEach
  void collect() throws IOException {
    collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/",
        exchange -> {
          posts.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    collector.start();
  }

  @AfterEach
  void stop() {
    exporter.close();
    collector.stop(0);
  }

  private Span span(String service, String text) {
    URI endpoint = URI.create("http://127.0.0.1:" + collector.getAddress().getPort() + "/");
    return new Span(
        endpoint,
        service,
        new Trace(1, 2, 3, 4, true),
        "GET",
        10,
        20,
        true,
        sink -> sink.text("a", text));
  }

  @Test
  void sendsWhatWaitsBeforeItEnds() {
    exporter.start();
    exporter.offer(span("edge", "x"));
    exporter.close();
    assertThat(posts)
        .containsExactly(
            "{\"resourceSpans\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\","
                + "\"value\":{\"stringValue\":\"edge\"}}]},\"scopeSpans\":[{\"scope\":"
                + "{\"name\":\"lockgate\",\"version\":\"1.2.3\"},\"spans\":[{"
                + "\"traceId\":\"00000000000000010000000000000002\","
                + "\"spanId\":\"0000000000000004\",\"parentSpanId\":\"0000000000000003\","
                + "\"name\":\"GET\",\"kind\":2,\"startTimeUnixNano\":\"10\","
                + "\"endTimeUnixNano\":\"20\",\"attributes\":[{\"key\":\"a\",\"value\":"
                + "{\"stringValue\":\"x\"}}],\"status\":{\"code\":2}}]}]}]}");
    assertThat(exporter.sent()).isEqualTo(1);
  }

  @Test
  void sendsAtOnceWhatFillsAPost() {
    try (SpanExporter patient =
        new SpanExporter("1.2.3", Duration.ofSeconds(20), Duration.ofDays(1))) {
      patient.start();
      for (int i = 0; i < SpanExporter.MOST_IN_A_POST; i++) {
        patient.offer(span("edge", "x"));
      }
      Patience.until("a post is sent", patient::sent, sent -> sent == SpanExporter.MOST_IN_A_POST);
    }
    assertThat(posts).isNotEmpty();
  }

  @Test
  void sendsWhatWaitsWhenItsTimeHasCome() {
    try (SpanExporter quick =
        new SpanExporter("1.2.3", Duration.ofSeconds(20), Duration.ofMillis(10))) {
      quick.start();
      quick.offer(span("edge", "x"));
      Patience.until("the span is sent", quick::sent, sent -> sent == 1);
    }
  }

  @Test
  void sendsSpansOfDifferentServicesApart() {
    exporter.start();
    List.of("a", "a", "b").forEach(service -> exporter.offer(span(service, "x")));
    exporter.close();
    assertThat(posts).hasSize(2);
    assertThat(exporter.sent()).isEqualTo(3);
  }

  @Test
  void letsNoTextEndAValue() {
    assertThat(new OtlpText("1").write(List.of(span("edge", "\"},\n\\\u0000\u00e4"))).toString())
        .contains("{\"stringValue\":\"\\\"},\\u000a\\\\\\u0000\\u00e4\"}");
  }

  @Test
  void dropsWhatFindsNoRoom() {
    for (int i = 0; i < SpanExporter.MOST_WAITING + 2; i++) {
      exporter.offer(span("edge", "x"));
    }
    assertThat(exporter.dropped()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 400, 503})
  void countsWhatTheCollectorDoesNotTake(int refusal) {
    status = refusal;
    exporter.start();
    exporter.offer(span("edge", "x"));
    exporter.close();
    assertThat(exporter.failed()).isEqualTo(1);
    assertThat(exporter.sent()).isZero();
  }

  @Test
  void givesUpOnAnAnswerThatDoesNotEnd() {
    collector.createContext(
        "/endless",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write('x');
          exchange.getResponseBody().flush(); // And never closed.
          posts.add("answered in part");
        });
    try (SpanExporter impatient =
        new SpanExporter("1.2.3", Duration.ofMillis(300), Duration.ofMillis(10))) {
      Span span = span("edge", "x");
      impatient.start();
      impatient.offer(
          new Span(
              span.endpoint().resolve("/endless"),
              "edge",
              span.trace(),
              "GET",
              1,
              2,
              false,
              sink -> {}));
      Patience.until("the span is given up", impatient::failed, failed -> failed == 1);
    }
    assertThat(posts).containsExactly("answered in part");
  }

  @Test
  void countsWhatNoCollectorIsThereFor() {
    collector.stop(0);
    exporter.start();
    exporter.offer(span("edge", "x"));
    exporter.close();
    assertThat(exporter.failed()).isEqualTo(1);
  }
}
