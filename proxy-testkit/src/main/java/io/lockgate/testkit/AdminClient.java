package io.lockgate.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Speaks to an admin endpoint, one connection a request, with any field one likes. */
public final class AdminClient {
  private final int port;
  private final Map<String, String> fields = new LinkedHashMap<>();

  public AdminClient(int port) {
    this.port = port;
    fields.put("Host", "127.0.0.1:" + port);
  }

  /** Sends {@code name} with every request, in place of an earlier or usual value. */
  public AdminClient with(String name, String value) {
    fields.put(name, value);
    return this;
  }

  public Answer get(String path) {
    return call("GET", path, "");
  }

  public Answer post(String path) {
    return call("POST", path, "");
  }

  public Answer call(String method, String path, String body) {
    StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
    fields.forEach((name, value) -> request.append(name + ": " + value + "\r\n"));
    if (!method.equals("GET")) {
      request.append("Content-Length: ").append(body.length()).append("\r\n");
    }
    request.append("Connection: close\r\n\r\n").append(body);
    try (RawClient client = RawClient.connect(port)) {
      return new Answer(method + " " + path, client.send(request.toString()).readResponse());
    } catch (IOException e) {
      throw new AssertionError("admin endpoint: " + method + " " + path, e);
    }
  }

  /** What came back. */
  public record Answer(String request, HttpMessage message) {
    public int status() {
      return message.status();
    }

    public String text() {
      return new String(message.bytes(), UTF_8);
    }

    public Answer expect(int status) {
      if (status() != status) {
        throw new AssertionError(request + " was not answered with " + status + ": " + message);
      }
      return this;
    }
  }
}
