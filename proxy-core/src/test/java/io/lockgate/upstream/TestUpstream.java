package io.lockgate.upstream;

import io.lockgate.config.model.BalanceConfig;
import io.lockgate.config.model.EjectionConfig;
import io.lockgate.config.model.HealthConfig;
import io.lockgate.config.model.HealthConfig.Question;
import io.lockgate.config.model.UpstreamConfig;
import io.lockgate.config.model.UpstreamConfig.Server;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** An upstream's configuration, bit by bit; with timeouts that no test waits for. */
final class TestUpstream {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final List<Server> servers = new ArrayList<>();
  private BalanceConfig balance = BalanceConfig.ROUND_ROBIN;
  private Optional<HealthConfig> health = Optional.empty();
  private Optional<EjectionConfig> ejection = Optional.empty();
  private int maxConnections = 100;

  static TestUpstream of(Server... servers) {
    TestUpstream upstream = new TestUpstream();
    upstream.servers.addAll(Arrays.asList(servers));
    return upstream;
  }

  /** Servers on loopback, by {@code HOST:PORT}. */
  static TestUpstream at(String... addresses) {
    return of(
        Arrays.stream(addresses)
            .map(text -> text.split(":"))
            .map(parts -> new Server(parts[0], Integer.parseInt(parts[1]), 1))
            .toArray(Server[]::new));
  }

  TestUpstream balance(BalanceConfig how) {
    balance = how;
    return this;
  }

  /** Asked for often; two good answers, two bad ones. */
  TestUpstream checked(Optional<String> path) {
    return checked(path, LONG);
  }

  private TestUpstream checked(Optional<String> path, Duration timeout) {
    Question question =
        path.<Question>map(its -> new Question.Get(its, List.of(200, 204)))
            .orElseGet(Question.Connect::new);
    Duration often = Duration.ofMillis(20);
    health = Optional.of(new HealthConfig(question, Optional.empty(), often, timeout, 2, 2));
    return this;
  }

  /** Whether servers accept connections. */
  TestUpstream checkedEvery(Duration interval) {
    health =
        Optional.of(
            new HealthConfig(new Question.Connect(), Optional.empty(), interval, LONG, 2, 2));
    return this;
  }

  TestUpstream checkedWithin(Duration timeout) {
    return checked(Optional.of("/health"), timeout);
  }

  TestUpstream ejecting(int failures, Duration away, int maxPercent) {
    ejection = Optional.of(new EjectionConfig(failures, away, maxPercent, 0));
    return this;
  }

  TestUpstream maxConnections(int most) {
    maxConnections = most;
    return this;
  }

  UpstreamConfig config() {
    return new UpstreamConfig(
        "app",
        servers,
        UpstreamConfig.Protocol.HTTP_1_1,
        Optional.empty(),
        balance,
        LONG,
        LONG,
        LONG,
        maxConnections,
        100,
        LONG,
        0,
        health,
        ejection,
        new UpstreamConfig.Retry(1, Arrays.asList(UpstreamConfig.Retry.Condition.values()), 20));
  }
}
