package io.lockgate.config.hocon;

import static io.lockgate.config.hocon.EveryKeyModel.absolute;

import io.lockgate.config.model.BalanceConfig;
import io.lockgate.config.model.BalanceConfig.HashKey;
import io.lockgate.config.model.BalanceConfig.Method;
import io.lockgate.config.model.BalanceConfig.StickyCookie;
import io.lockgate.config.model.EjectionConfig;
import io.lockgate.config.model.HealthConfig;
import io.lockgate.config.model.UpstreamConfig;
import io.lockgate.config.model.UpstreamConfig.Retry;
import io.lockgate.config.model.UpstreamConfig.SendProxyProtocol;
import io.lockgate.config.model.UpstreamConfig.Server;
import io.lockgate.config.model.UpstreamTlsConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The upstreams of {@link EveryKeyModel}. */
final class EveryKeyUpstreams {
  private EveryKeyUpstreams() {}

  static List<UpstreamConfig> all() {
    return List.of(
        new UpstreamConfig(
            "app",
            List.of(new Server("app.internal", 9001, 1), new Server("::1", 9002, 3, 2)),
            UpstreamConfig.Protocol.AUTO,
            Optional.of(
                new UpstreamTlsConfig(
                    Optional.of("app.internal"),
                    Optional.of(absolute("certs/www.pem")),
                    Optional.of("local"),
                    false,
                    "partners",
                    List.of("0123456789abcdef".repeat(4)))),
            new BalanceConfig(
                Method.Even.LEAST_REQUESTS, Optional.empty(), Duration.ofSeconds(10), 40, 50),
            Duration.ofSeconds(1),
            Duration.ofSeconds(61),
            Duration.ofSeconds(62),
            7,
            8,
            Duration.ofSeconds(3),
            9,
            Optional.of(
                new HealthConfig(
                    new HealthConfig.Question.Get("/healthz", List.of(200, 204)),
                    Optional.of("app.internal"),
                    Duration.ofSeconds(1),
                    Duration.ofMillis(500),
                    3,
                    4)),
            Optional.of(new EjectionConfig(6, Duration.ofSeconds(31), 20, 5)),
            new Retry(
                2, List.of(Retry.Condition.REFUSED_STREAM), 30, Duration.ofSeconds(2), 65_536)),
        usual(
            "hashed",
            new Server("127.0.0.1", 9001, 1, 1),
            new Method.Hash(new HashKey(HashKey.Source.COOKIE, "id")),
            Optional.empty(),
            UpstreamConfig.Protocol.H2,
            Optional.of(grpcHealth())),
        usual(
            "pinned",
            Server.unix("/run/app.sock"),
            Method.Even.RANDOM,
            Optional.of(cookie()),
            UpstreamConfig.Protocol.HTTP_1_1,
            Optional.empty()),
        usual(
            "raw",
            new Server("127.0.0.1", 9003, 1),
            Method.Even.ROUND_ROBIN,
            Optional.empty(),
            UpstreamConfig.Protocol.HTTP_1_1,
            Optional.empty()));
  }

  private static HealthConfig grpcHealth() {
    return new HealthConfig(
        new HealthConfig.Question.Grpc("shop.Cart"),
        Optional.empty(),
        Duration.ofSeconds(5),
        Duration.ofSeconds(2),
        2,
        3);
  }

  private static UpstreamConfig usual(
      String name,
      Server server,
      Method method,
      Optional<StickyCookie> sticky,
      UpstreamConfig.Protocol protocol,
      Optional<HealthConfig> health) {
    return new UpstreamConfig(
        name,
        List.of(server),
        protocol,
        Optional.empty(),
        new BalanceConfig(method, sticky, Duration.ZERO, 0, 0),
        Duration.ofSeconds(2),
        Duration.ofSeconds(60),
        Duration.ofSeconds(60),
        1024,
        1024,
        Duration.ofSeconds(2),
        0,
        health,
        Optional.empty(),
        new Retry(1, List.of(Retry.Condition.values()), 20),
        name.equals("raw") ? SendProxyProtocol.V2 : SendProxyProtocol.OFF);
  }

  private static StickyCookie cookie() {
    return new StickyCookie(
        "srv",
        Duration.ofHours(1),
        false,
        StickyCookie.SameSite.STRICT,
        Optional.of(new StickyCookie.Key("a-key-nobody-may-see")));
  }
}
