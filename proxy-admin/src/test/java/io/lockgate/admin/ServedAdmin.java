package io.lockgate.admin;

import io.lockgate.admin.RawExchange.Reply;
import io.lockgate.config.model.AdminConfig;
import io.lockgate.config.model.BindAddress;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An admin endpoint with everything behind it played by the test, asked over real sockets. */
final class ServedAdmin implements AutoCloseable {
  static final BindAddress LOOPBACK = new BindAddress("127.0.0.1", 0);

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-23T09:08:07Z"), ZoneOffset.UTC);

  final RecordingSources sources = new RecordingSources();
  private final Clock clock;
  private AdminServer server;

  ServedAdmin() {
    this(CLOCK);
  }

  ServedAdmin(Clock clock) {
    this.clock = clock;
  }

  /**
   * @param token empty for none
   */
  void start(BindAddress address, String token) throws IOException {
    start(address, token, AdminLimits.STANDARD);
  }

  void start(BindAddress address, String token, AdminLimits limits) throws IOException {
    AdminConfig config =
        new AdminConfig(
            address,
            Optional.of(token).filter(text -> !text.isEmpty()).map(AdminConfig.Secret::new));
    server = AdminServer.start(config, sources, clock, limits);
  }

  /** Where it listens. */
  BindAddress address() {
    return server.address();
  }

  Reply get(String path) throws IOException {
    return send(request("GET", path, "localhost", ""));
  }

  Reply post(String path, String body) throws IOException {
    return send(withBody(path, body));
  }

  Reply send(String request) throws IOException {
    return RawExchange.send(server.address(), request);
  }

  /**
   * @param fields further ones, each with its line end
   */
  static String request(String method, String path, String host, String fields) {
    return method
        + (" " + path + " HTTP/1.1\r\nHost: " + host + "\r\n" + fields)
        + "Connection: close\r\n\r\n";
  }

  static String withBody(String path, String body) {
    return "POST "
        + (path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length())
        + ("\r\nConnection: close\r\n\r\n" + body);
  }

  static JsonNode json(Reply reply) {
    return JsonMapper.shared().readTree(reply.body());
  }

  /** Also where it did not start. */
  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
  }
}
