package io.lockgate.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.metrics.Metric;
import io.lockgate.metrics.MetricPoint;
import io.lockgate.testkit.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A listener that nobody watches, beside one that everybody does. */
class ObservationTest {
  @TempDir private Path directory;

  @Test
  void tellsNobodyOfTheListenerThatIsToBeUnobserved() throws Exception {
    Path log = directory.resolve("access.log");
    try (Proxy proxy = start(Optional.of("alone"))) {
      answer(proxy, "alone");
      answer(proxy, "http");

      assertThat(counted(proxy, Metric.HTTP_REQUESTS)).containsExactly(1.0);
      assertThat(counted(proxy, Metric.CONNECTIONS_TOTAL)).containsExactly(1.0);
    }
    assertThat(Files.readAllLines(log))
        .singleElement()
        .asString()
        .contains("\"listener\":\"http\"", "\"method\":\"GET\",\"path\":\"/ping\"")
        .contains("\"status\":200,\"bytes_in\":0,\"bytes_out\":4,\"duration_ms\":")
        .endsWith("\"user_agent\":\"\",\"referer\":\"\",\"error\":\"\"}");
  }

  @Test
  void tellsOfAllListenersOtherwise() throws Exception {
    try (Proxy proxy = start(Optional.empty())) {
      answer(proxy, "alone");
      answer(proxy, "http");

      assertThat(counted(proxy, Metric.HTTP_REQUESTS)).containsExactly(2.0);
      assertThat(counted(proxy, Metric.CONNECTIONS_TOTAL)).containsExactly(1.0, 1.0);
    }
    assertThat(Files.readAllLines(directory.resolve("access.log"))).hasSize(2);
  }

  private Proxy start(Optional<String> unobserved) throws Exception {
    Path file = directory.resolve("lockgate.conf");
    Files.writeString(
        file,
        """
        lockgate {
          listeners {
            http { address = "127.0.0.1:0", tls = off }
            alone { address = "127.0.0.1:0", tls = off }
          }
          hosts { "www.example.com" { routes = [
            { exact = "/ping", respond { status = 200, body = "pong" } }
          ] } }
          access-log { path = "access.log" }
          runtime { event-loops = 1 }
        }
        """);
    return Proxy.start(new ProxySetup(file, Map.of(), Clock.systemUTC(), "test", unobserved));
  }

  private static void answer(Proxy proxy, String listener) throws IOException {
    String address =
        proxy.listeners().stream()
            .filter(view -> view.name().equals(listener))
            .findFirst()
            .orElseThrow()
            .address();
    int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    try (RawClient client = RawClient.connect(port)) {
      client.send("GET /ping HTTP/1.1\r\nHost: www.example.com\r\nConnection: close\r\n\r\n");
      assertThat(client.readUntilClosed()).endsWith("pong");
    }
  }

  private static List<Double> counted(Proxy proxy, Metric metric) {
    return proxy.metrics().collect().stream()
        .filter(family -> family.metric() == metric)
        .flatMap(family -> family.points().stream())
        .map(point -> ((MetricPoint.Value) point).value())
        .toList();
  }
}
