package io.lockgate.snapshot;

import io.lockgate.coding.Encoders;
import io.lockgate.config.hocon.ConfigResult;
import io.lockgate.config.model.ConfigProblem;
import io.lockgate.config.model.HostConfig;
import io.lockgate.config.model.HostPattern;
import io.lockgate.config.model.ListenerConfig;
import io.lockgate.config.model.Origin;
import io.lockgate.config.model.ProxyConfig;
import io.lockgate.config.model.RelayConfig;
import io.lockgate.config.model.TlsConfig;
import io.lockgate.config.model.TlsPolicy;
import io.lockgate.exchange.Answers;
import io.lockgate.http.AsciiBytes;
import io.lockgate.limit.LimitTable;
import io.lockgate.pki.ClientAuthCatalog;
import io.lockgate.pki.ClientAuthLoader;
import io.lockgate.pki.Identity;
import io.lockgate.pki.IdentityCatalog;
import io.lockgate.pki.IdentityLoader;
import io.lockgate.pki.ServerTrust;
import io.lockgate.route.RouteTable;
import io.lockgate.staple.Stapling;
import io.lockgate.tls.ClientAuthTerms;
import io.lockgate.tls.ContextCache;
import io.lockgate.tls.SniDecider;
import io.lockgate.tls.SniTable;
import io.lockgate.tls.Staples;
import io.lockgate.tls.TicketDomain;
import io.lockgate.tls.TlsTerms;
import io.lockgate.upstream.UpstreamPool;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Builds the next generation from a checked configuration, off the event loops, taking over from
 * the one before whatever is equal. Everything that can fail slowly (files, keys, names) fails
 * here; a failed build leaves no trace. For one thread at a time.
 */
public final class SnapshotBuilder {
  private final Clock clock;
  private final UpstreamPools upstreams;
  private final ContextCache contexts;
  private final IdentityLoader loader;
  private final LimitTable limits;
  private final Encoders encoders = new Encoders();
  private final Stapling stapling;
  private final ClientAuthLoader clientAuth;

  public SnapshotBuilder(
      Clock clock,
      UpstreamPools upstreams,
      ContextCache contexts,
      IdentityLoader loader,
      Stapling stapling) {
    this.clock = clock;
    this.upstreams = upstreams;
    this.contexts = contexts;
    this.loader = loader;
    SecureRandom random = new SecureRandom();
    this.limits = new LimitTable(System::nanoTime, random.nextLong(), random.nextLong());
    this.stapling = stapling;
    this.clientAuth = new ClientAuthLoader(clock);
  }

  /**
   * @param previous the generation that serves now; empty at the start
   */
  public BuildResult build(ConfigResult.Valid read, Optional<Snapshot> previous) {
    ProxyConfig config = read.config();
    List<ConfigProblem> problems = new ArrayList<>(read.problems());
    IdentityCatalog identities =
        loader.load(
            config,
            previous.map(Snapshot::identities).orElse(IdentityCatalog.EMPTY),
            Runtime.getRuntime().availableProcessors());
    problems.addAll(identities.problems());
    ClientAuthCatalog clients =
        clientAuth.load(config, previous.map(Snapshot::clients).orElse(ClientAuthCatalog.EMPTY));
    problems.addAll(clients.problems());
    problems.addAll(new HostCoverage(identities.entries()).problems(config));
    problems.addAll(new UpstreamIdentities(identities).problems(config));
    Map<String, ServerTrust> trusts = upstreams.trusts(config, problems);
    if (problems.stream().anyMatch(p -> p.severity() == ConfigProblem.Severity.ERROR)) {
      return new BuildResult.Failed(problems);
    }
    Map<String, UpstreamPool> pools =
        upstreams.build(
            config, identities, trusts, previous.map(Snapshot::pools).orElse(Map.of()), problems);
    if (problems.stream().anyMatch(p -> p.severity() == ConfigProblem.Severity.ERROR)) {
      return new BuildResult.Failed(problems);
    }
    Staples staples = stapling.prepare(config, identities);
    Map<String, ListenerHosts> listeners =
        new HostTables(
                config,
                IdentityIndex.of(identities, clock.instant()),
                clients,
                pools,
                staples,
                previous)
            .listeners();
    problems.addAll(rehearse(config, listeners));
    if (problems.stream().anyMatch(p -> p.severity() == ConfigProblem.Severity.ERROR)) {
      return new BuildResult.Failed(problems);
    }
    return new BuildResult.Built(
        new Snapshot(
            previous.map(Snapshot::generation).orElse(0L) + 1,
            config,
            read.effective(),
            identities,
            clients,
            HttpTerms.of(config.http()),
            listeners,
            pools,
            staples),
        problems);
  }

  /**
   * Builds one native context for each policy, so that one which the library refuses is an error
   * here and not at a handshake, and so that no event loop waits for the library to load.
   */
  private List<ConfigProblem> rehearse(ProxyConfig config, Map<String, ListenerHosts> listeners) {
    Map<TlsTerms, Sample> samples = new HashMap<>();
    for (ListenerHosts listener : listeners.values()) {
      if (listener.config().tls()) {
        listener.all().stream()
            .filter(host -> !host.passthrough())
            .forEach(
                host ->
                    host.identities("").stream()
                        .findFirst()
                        .ifPresent(
                            identity ->
                                samples.putIfAbsent(
                                    host.terms().withoutResumption(),
                                    new Sample(identity, host.terms()))));
      }
    }
    List<ConfigProblem> problems = new ArrayList<>();
    samples.forEach(
        (promise, sample) -> {
          try {
            contexts.get(sample.identity, sample.terms);
          } catch (RuntimeException e) {
            String path = "tls-policies." + promise.policy().name();
            problems.add(
                ConfigProblem.error(
                    "tls-policy-unusable",
                    path,
                    config.origins().of(path).orElse(Origin.BUILT_IN),
                    "the TLS library refuses the policy: " + e.getMessage(),
                    "check its versions, cipher suites and groups"));
          }
        });
    return problems;
  }

  /** One of the hosts that promise the same. */
  private record Sample(Identity identity, TlsTerms terms) {}

  /** The tables of hosts, each compiled once however many listeners share it. */
  private final class HostTables {
    private final ProxyConfig config;
    private final IdentityIndex identities;
    private final ClientAuthCatalog clients;
    private final Map<String, UpstreamPool> pools;
    private final RouteLimits routeLimits;
    private final Staples staples;
    private final Map<String, RouteTable> routes = new HashMap<>();

    /** The generation before, if all but what files hold is the same. */
    private final Optional<Snapshot> unchanged;

    HostTables(
        ProxyConfig config,
        IdentityIndex identities,
        ClientAuthCatalog clients,
        Map<String, UpstreamPool> pools,
        Staples staples,
        Optional<Snapshot> previous) {
      this.config = config;
      this.identities = identities;
      this.clients = clients;
      this.pools = pools;
      this.routeLimits = new RouteLimits(limits, config);
      this.unchanged =
          previous.filter(
              snapshot -> snapshot.config().equals(config) && snapshot.pools().equals(pools));
      this.staples = staples;
    }

    Map<String, ListenerHosts> listeners() {
      Map<String, ListenerHosts> listeners = new HashMap<>();
      for (ListenerConfig listener : config.listeners()) {
        listeners.put(listener.name(), hosts(listener));
      }
      return Map.copyOf(listeners);
    }

    private ListenerHosts hosts(ListenerConfig listener) {
      SniTable.Builder<ServedHost> builder = SniTable.builder();
      Map<String, ServedHost> byLabel = new HashMap<>();
      for (HostConfig host : config.hosts()) {
        boolean findable = listener.tls() || host.relay().isEmpty();
        if (findable
            && (host.listeners().isEmpty() || host.listeners().contains(listener.name()))) {
          ServedHost served = served(host, listener);
          byLabel.put(host.name().toString(), served);
          builder.add(host.name().toString(), served);
          host.aliases().forEach(alias -> builder.add(alias.toString(), served));
        }
      }
      SniTable<ServedHost> table = builder.build();
      Optional<ServedHost> unknown = fallback(config.tls().unknownHost(), byLabel);
      Optional<ServedHost> missing = fallback(config.tls().missingSni(), byLabel);
      return new ListenerHosts(
          listener,
          List.copyOf(byLabel.values()),
          table,
          unknown,
          new SniDecider<>(table, unknown, missing, contexts, staples),
          byLabel.values().stream().anyMatch(ServedHost::startTls),
          redirectPorts(listener));
    }

    private Optional<ServedHost> fallback(
        TlsConfig.NameFallback fallback, Map<String, ServedHost> byLabel) {
      return fallback.host().map(byLabel::get);
    }

    private Optional<RedirectPorts> redirectPorts(ListenerConfig listener) {
      return listener.redirectToHttps()
          ? Optional.of(RedirectPorts.of(config, listener))
          : Optional.empty();
    }

    private ServedHost served(HostConfig host, ListenerConfig listener) {
      String label = host.name().toString();
      Optional<ServedHost> before =
          unchanged.map(snapshot -> snapshot.host(listener.name(), label));
      if (before.isPresent()) {
        ServedHost same = before.get();
        // What is demanded of clients rests on files, too.
        TlsTerms terms = host.clientAuth().isEmpty() ? same.terms() : terms(host, listener);
        return new ServedHost(
            label, terms, identitiesOf(host.name()), same.routes(), same.answers(), same.relay());
      }
      Optional<AsciiBytes> hsts = host.hsts().map(h -> AsciiBytes.of(h.fieldValue()));
      return new ServedHost(
          label,
          terms(host, listener),
          identitiesOf(host.name()),
          routes.computeIfAbsent(label, unseen -> routes(host)),
          Answers.of(hsts, host.answers(), config.http().errorPages()),
          host.relay().map(its -> new ServedHost.RelayTarget(its, pools.get(its.upstream()))));
    }

    private RouteTable routes(HostConfig host) {
      String label = host.name().toString();
      return RouteTable.compile(
          host.routes(), pools::get, route -> routeLimits.of(label, route), encoders);
    }

    private Function<String, List<Identity>> identitiesOf(HostPattern host) {
      List<Identity> own =
          host.wildcard() ? identities.below(host.suffix()) : identities.covering(host.suffix());
      return name -> {
        List<Identity> covering = name.isEmpty() ? List.of() : identities.covering(name);
        return covering.isEmpty() ? own : covering;
      };
    }

    private TlsTerms terms(HostConfig host, ListenerConfig listener) {
      TlsPolicy policy = config.policies().get(host.tlsPolicy());
      TlsConfig tls = config.tls();
      ClientAuthTerms client = clientAuth(host);
      return new TlsTerms(
          policy,
          host.relay().map(RelayConfig::alpn).orElseGet(() -> policy.narrow(listener.protocols())),
          TicketDomain.of(host.name().toString(), policy, client.domain()),
          tls.tickets().enabled(),
          tls.sessionCache().size(),
          tls.sessionCache().lifetime(),
          client);
    }

    private ClientAuthTerms clientAuth(HostConfig host) {
      return clients
          .verifier(host)
          .map(verifier -> ClientAuthTerms.of(host.clientAuth().orElseThrow(), verifier))
          .orElse(ClientAuthTerms.NONE);
    }
  }
}
