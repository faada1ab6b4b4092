package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.lockgate.testkit.EchoOrigin;
import io.lockgate.testkit.Json;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.Metrics;
import io.lockgate.testkit.Patience;
import io.lockgate.testkit.RawClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Spans as a collector of OpenTelemetry gets them, and what servers are told of traces. */
class TracingIT {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "00-" + TRACE + "-b7ad6b7169203331-0";

  @TempDir Path directory;
  private final Queue<String> posts = new ConcurrentLinkedQueue<>();
  private HttpServer collector;
  private Site site;

  @BeforeEach
  void start() throws IOException {
    site = Site.in(directory);
    collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/v1/traces",
        exchange -> {
          posts.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    collector.start();
  }

  @AfterEach
  void stop() {
    collector.stop(0);
  }

  private String config(String origin, String tracing) {
    return Site.forwardingTo(origin)
        + "lockgate.tracing { endpoint = \"http://127.0.0.1:"
        + collector.getAddress().getPort()
        + "/v1/traces\", "
        + tracing
        + " }\n";
  }

  private Map<String, Object> span() {
    String post = Patience.until("a span was posted", posts::peek, found -> found != null);
    List<?> spans =
        list(child(list(child(Json.object(post), "resourceSpans")).get(0), "scopeSpans"));
    List<?> all = list(child(spans.get(0), "spans"));
    assertThat(all).hasSize(1);
    return object(all.get(0));
  }

  private static Object child(Object parent, String name) {
    return object(parent).get(name);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> object(Object json) {
    return (Map<String, Object>) json;
  }

  private static List<?> list(Object json) {
    return (List<?>) json;
  }

  private static Map<String, Object> attributes(Map<String, Object> span) {
    Map<String, Object> all = new HashMap<>();
    for (Object attribute : list(span.get("attributes"))) {
      Map<String, Object> value = object(child(attribute, "value"));
      all.put((String) child(attribute, "key"), value.values().iterator().next());
    }
    return all;
  }

  private static String get(String path, String... fields) {
    List<String> lines = new ArrayList<>(List.of("GET " + path + " HTTP/1.1", "Host: " + Site.WWW));
    lines.addAll(List.of(fields));
    return String.join("\r\n", lines) + "\r\n\r\n";
  }

  @Test
  void aRequestBecomesASpanWhoseIdItsServerIsTold() throws IOException {
    try (EchoOrigin origin = EchoOrigin.start();
        LockgateProcess proxy =
            site.start(config(origin.address(), "sample = 100%, service-name = edge"))) {
      try (RawClient client = site.connect(proxy)) {
        client.send(
            get(
                "/a?secret=1",
                "traceparent: " + PARENT + "1",
                "tracestate: x=y",
                "Connection: traceparent"));
        assertThat(client.readResponse().status()).isEqualTo(200);
      }
      Map<String, Object> span = span();
      assertThat(origin.requests().get(0).fields("traceparent"))
          .containsExactly("00-" + span.get("traceId") + "-" + span.get("spanId") + "-01");
      assertThat(span.get("traceId")).as("a stranger's trace ends here").isNotEqualTo(TRACE);
      assertThat(span).doesNotContainKey("parentSpanId").containsEntry("name", "GET");
      assertThat(origin.requests().get(0).fields("tracestate")).isEmpty();
      assertThat(attributes(span))
          .containsEntry("url.path", "/a")
          .containsEntry("http.response.status_code", "200")
          .containsEntry("tls.protocol.version", "1.3")
          .containsEntry("tls.client.server_name", Site.WWW)
          .containsEntry("lockgate.server", origin.address());
      assertThat(posts.peek()).contains("edge").doesNotContain("secret");
      Patience.until(
          "the span is counted",
          () ->
              Metrics.parse(proxy.admin("/metrics"))
                  .sum("lockgate_trace_spans_total", "result=\"sent\"")
                  .orElse(0),
          sent -> sent == 1);
    }
  }

  @Test
  void aTraceOfATrustedClientGoesOnAsItsFlagsSay() throws IOException {
    try (EchoOrigin origin = EchoOrigin.start();
        LockgateProcess proxy =
            site.start(config(origin.address(), "sample = 0%, trust-client = on"))) {
      try (RawClient client = site.connect(proxy)) {
        client.send(get("/", "traceparent: " + PARENT + "0", "tracestate: x=y")).readResponse();
        client.send(get("/", "traceparent: " + PARENT + "1", "tracestate: x=y")).readResponse();
        client.send(get("/", "traceparent: not one", "tracestate: x=y")).readResponse();
      }
      proxy.terminate();
      assertThat(proxy.awaitExit()).as("sends what waits before it ends").isZero();
      assertThat(span())
          .containsEntry("traceId", TRACE)
          .containsEntry("parentSpanId", "b7ad6b7169203331");
      assertThat(origin.requests().get(0).fields("traceparent").get(0))
          .startsWith("00-" + TRACE + "-")
          .endsWith("-00");
      assertThat(origin.requests().get(1).fields("tracestate")).containsExactly("x=y");
      assertThat(origin.requests().get(2).fields("traceparent").get(0)).doesNotContain(TRACE);
      assertThat(origin.requests().get(2).fields("tracestate")).isEmpty();
    }
  }
}
