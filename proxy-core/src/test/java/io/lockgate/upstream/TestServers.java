package io.lockgate.upstream;

import io.lockgate.config.model.BalanceConfig;
import io.lockgate.config.model.EjectionConfig;
import io.lockgate.config.model.UpstreamConfig;
import io.lockgate.config.model.UpstreamConfig.Protocol;
import io.lockgate.config.model.UpstreamConfig.Retry;
import io.lockgate.config.model.UpstreamConfig.Server;
import io.lockgate.http.FieldSection;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Servers that are nowhere, and a picker for them whose clock the test moves. */
final class TestServers {
  static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  final List<UpstreamServer> servers = new ArrayList<>();
  final AtomicLong changes = new AtomicLong();
  final List<String> events = new ArrayList<>();
  final Facts facts = new Facts();
  long now;
  private final Outcomes outcomes;
  private final BalanceConfig config;
  private final ServerPicker picker;
  private ServerSlot[] slots = {};

  TestServers(BalanceConfig config, Server... described) {
    this.config = config;
    this.outcomes =
        new Outcomes(upstream(config, Optional.empty()), () -> now, (server, why) -> {});
    for (Server server : described) {
      servers.add(server(server));
    }
    Optional<StickyCookies> cookies = config.sticky().map(its -> cookies(its));
    picker =
        new ServerPicker(
            new Roster(config),
            Balancers.of(config, new SplittableRandom(1), cookies),
            changes,
            () -> now,
            SECOND);
    follow();
  }

  StickyCookies cookies(BalanceConfig.StickyCookie its) {
    return new StickyCookies("app", its, new byte[] {1, 2, 3}, () -> now / SECOND);
  }

  /** Such as {@code a}, {@code a*3} for a weight or {@code a!1} for a priority. */
  static TestServers of(BalanceConfig config, String... described) {
    return new TestServers(
        config, Arrays.stream(described).map(TestServers::describe).toArray(Server[]::new));
  }

  static Server describe(String text) {
    String[] parts = text.split("[*!]");
    int number = parts.length > 1 ? Integer.parseInt(parts[1]) : 0;
    boolean weighed = text.contains("*");
    return new Server(parts[0], 80, weighed ? number : 1, weighed ? 0 : number);
  }

  static UpstreamConfig upstream(BalanceConfig balance, Optional<EjectionConfig> ejection) {
    Duration second = Duration.ofSeconds(1);
    return new UpstreamConfig(
        "app",
        List.of(new Server("a", 80, 1)),
        Protocol.HTTP_1_1,
        Optional.empty(),
        balance,
        second,
        second,
        second,
        10,
        10,
        second,
        0,
        Optional.empty(),
        ejection,
        new Retry(1, List.of(), 20));
  }

  UpstreamServer server(Server server) {
    ServerStanding standing =
        new ServerStanding(
            (before, after, why) -> {
              changes.incrementAndGet();
              events.add(server.host() + " " + after + ": " + why);
            },
            () -> now / 1_000_000);
    return new UpstreamServer(
        server, server.address(), InetSocketAddress.createUnresolved(server.host(), 80), standing);
  }

  void follow() {
    boolean hashed = config.method() instanceof BalanceConfig.Method.Hash;
    ServerSlot[] next = new ServerSlot[servers.size()];
    for (int i = 0; i < next.length; i++) {
      UpstreamServer server = servers.get(i);
      next[i] =
          Arrays.stream(slots)
              .filter(slot -> slot.server == server)
              .findFirst()
              .orElseGet(() -> new ServerSlot(server, outcomes));
    }
    slots = next;
    picker.follow(ServerSet.of(servers, List.of(), hashed), slots);
  }

  UpstreamServer server(String name) {
    return servers.stream()
        .filter(server -> server.label().equals(name + ":80"))
        .findFirst()
        .orElseThrow();
  }

  ServerStanding standing(String name) {
    return server(name).standing();
  }

  /** The name of the server that is picked, or {@code none}. */
  String pick() {
    return name(picker.pick(facts, "", List.of()));
  }

  String pickAvoiding(String name) {
    return name(picker.pick(facts, name + ":80", List.of()));
  }

  String pickAfter(String... tried) {
    List<ServerSlot> failed =
        Arrays.stream(slots).filter(slot -> Arrays.asList(tried).contains(name(slot))).toList();
    return name(picker.pick(facts, "", failed));
  }

  /** So many picks, in order. */
  String picks(int count) {
    StringBuilder picks = new StringBuilder();
    for (int i = 0; i < count; i++) {
      picks.append(pick());
    }
    return picks.toString();
  }

  /** How often a server is picked in so many. */
  long share(String name, int count) {
    return picks(count).chars().filter(c -> c == name.charAt(0)).count();
  }

  private static String name(ServerSlot slot) {
    return slot == null ? "none" : slot.server.label().replace(":80", "");
  }

  /** A request of which the test says what it looks like. */
  static final class Facts implements RequestFacts {
    String client = "192.0.2.1";
    FieldSection fields = new FieldSection();

    @Override
    public String clientAddress() {
      return client;
    }

    @Override
    public FieldSection fields() {
      return fields;
    }

    void field(String name, String value) {
      fields = new FieldSection();
      fields.append(name, value);
    }
  }
}
