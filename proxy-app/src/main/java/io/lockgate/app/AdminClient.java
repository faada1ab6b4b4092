package io.lockgate.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks a running daemon's admin endpoint. Plain HTTP to an address the operator named, never
 * through a proxy that the environment names. The JDK's oldest client, as it starts fastest: a
 * health check pays for its start every few seconds.
 */
final class AdminClient {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  private final String address;
  private final Optional<String> token;
  private final Duration answerTimeout;

  /**
   * @param address host and port
   * @param answerTimeout a reload answers when it is done, which may take a while
   */
  AdminClient(String address, Optional<String> token, Duration answerTimeout) {
    this.address = address;
    this.token = token;
    this.answerTimeout = answerTimeout;
  }

  String address() {
    return address;
  }

  Answer get(String path) {
    return ask("GET", path);
  }

  Answer post(String path) {
    return ask("POST", path);
  }

  private Answer ask(String method, String path) {
    try {
      return exchange(method, path);
    } catch (IOException | IllegalArgumentException e) {
      String reason = "no daemon answers at " + address + ": " + e.getMessage();
      throw new UncheckedIOException(reason, new IOException(e));
    }
  }

  private Answer exchange(String method, String path) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection)
            URI.create("http://" + address + path).toURL().openConnection(Proxy.NO_PROXY);
    connection.setRequestMethod(method);
    connection.setConnectTimeout((int) CONNECT_TIMEOUT.toMillis());
    connection.setReadTimeout((int) answerTimeout.toMillis());
    connection.setInstanceFollowRedirects(false);
    token.ifPresent(secret -> connection.setRequestProperty("Authorization", "Bearer " + secret));
    if (method.equals("POST")) {
      connection.setDoOutput(true);
      connection.getOutputStream().close();
    }
    int status = connection.getResponseCode();
    try (InputStream body =
        status >= 400 ? connection.getErrorStream() : connection.getInputStream()) {
      byte[] bytes = body == null ? new byte[0] : body.readAllBytes();
      return new Answer(status, new String(bytes, StandardCharsets.UTF_8));
    } finally {
      connection.disconnect();
    }
  }

  /** What came back, whatever its status. */
  record Answer(int status, String body) {
    boolean good() {
      return status >= 200 && status < 300;
    }

    /** What the endpoint says is wrong: the {@code error} of its JSON, or the body as it is. */
    String complaint() {
      String said = body.strip();
      return said.startsWith("{")
          ? JsonMapper.shared().readTree(said).path("error").asString(said)
          : said;
    }

    /** The answer as a reason for having failed. */
    String refusal() {
      return switch (status) {
        case 401, 403 -> "the daemon refused, a token may be missing or wrong: " + complaint();
        default -> "the daemon answered " + status + ": " + complaint();
      };
    }
  }
}
