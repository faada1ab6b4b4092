package io.lockgate.app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A web server that answers with the request it got, so that one sees what the proxy forwards. For
 * trying things out: it listens on loopback only and holds request bodies, up to a limit, in
 * memory.
 */
final class DemoOrigin implements AutoCloseable {
  static final int MAX_BODY_BYTES = 1 << 20;
  private static final int THREADS = 16;

  private final HttpServer server;
  private final ExecutorService threads;

  private DemoOrigin(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /**
   * @param port 0 lets the system choose
   * @throws IOException if the port is in use
   */
  static DemoOrigin start(int port) throws IOException {
    // Without it the JDK's server waits for the client's delayed acknowledgements.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    server.setExecutor(threads);
    server.createContext("/", DemoOrigin::echo);
    server.start();
    return new DemoOrigin(server, threads);
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private static void echo(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES);
      // The JDK's server closes the connection unless the request was read to its end.
      exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
      boolean json =
          String.valueOf(exchange.getRequestHeaders().getFirst("Accept"))
              .contains("application/json");
      String text = json ? asJson(exchange, body) : asText(exchange, body);
      byte[] answer = text.getBytes(StandardCharsets.UTF_8);
      exchange
          .getResponseHeaders()
          .set("Content-Type", json ? "application/json" : "text/plain; charset=utf-8");
      boolean head = exchange.getRequestMethod().equals("HEAD");
      if (head) {
        exchange.getResponseHeaders().set("Content-Length", Integer.toString(answer.length));
      }
      exchange.sendResponseHeaders(200, head ? -1 : answer.length);
      if (!head) {
        exchange.getResponseBody().write(answer);
      }
    }
  }

  private static String asText(HttpExchange exchange, byte[] body) {
    StringBuilder text = new StringBuilder();
    text.append(exchange.getRequestMethod()).append(' ').append(exchange.getRequestURI());
    text.append(' ').append(exchange.getProtocol()).append('\n');
    new TreeMap<>(exchange.getRequestHeaders())
        .forEach(
            (name, values) ->
                values.forEach(v -> text.append(name).append(": ").append(v).append('\n')));
    return text.append('\n').append(new String(body, StandardCharsets.UTF_8)).toString();
  }

  private static String asJson(HttpExchange exchange, byte[] body) {
    JsonText json = new JsonText();
    json.beginObject();
    json.field("method", exchange.getRequestMethod());
    json.field("path", exchange.getRequestURI().toString());
    json.field("protocol", exchange.getProtocol());
    json.name("headers").beginObject();
    new TreeMap<>(exchange.getRequestHeaders())
        .forEach((name, values) -> json.field(name, String.join(", ", values)));
    json.endObject();
    json.field("body", new String(body, StandardCharsets.UTF_8));
    return json.endObject().toString() + "\n";
  }
}
