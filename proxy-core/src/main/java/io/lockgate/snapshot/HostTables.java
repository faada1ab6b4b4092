package io.lockgate.snapshot;

import io.lockgate.coding.Encoders;
import io.lockgate.config.model.HostConfig;
import io.lockgate.config.model.ListenerConfig;
import io.lockgate.config.model.ProxyConfig;
import io.lockgate.config.model.RelayConfig;
import io.lockgate.config.model.TlsConfig;
import io.lockgate.config.model.TlsPolicy;
import io.lockgate.exchange.Answers;
import io.lockgate.http.AsciiBytes;
import io.lockgate.pki.ClientAuthCatalog;
import io.lockgate.route.RouteTable;
import io.lockgate.tls.ClientAuthTerms;
import io.lockgate.tls.ContextCache;
import io.lockgate.tls.SniDecider;
import io.lockgate.tls.SniMatch;
import io.lockgate.tls.SniTable;
import io.lockgate.tls.Staples;
import io.lockgate.tls.TicketDomain;
import io.lockgate.tls.TlsTerms;
import io.lockgate.upstream.UpstreamPool;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The tables of hosts of one generation while they are built: each host compiled once however many
 * listeners share it, and not at all where the generation before has it. Nothing that is built may
 * hold on to this object, which knows two generations.
 */
final class HostTables {
  private final ProxyConfig config;
  private final IdentityIndex identities;
  private final ClientAuthCatalog clients;
  private final Map<String, UpstreamPool> pools;
  private final RouteLimits routeLimits;
  private final Encoders encoders;
  private final ContextCache contexts;
  private final Staples staples;
  private final Map<String, RouteTable> routes = new HashMap<>();
  private final List<ServedHost> fresh = new ArrayList<>();
  private final Optional<Snapshot> previous;
  private final Optional<KeptHosts> kept;

  /**
   * @param previous the generation before
   */
  HostTables(
      ProxyConfig config,
      IdentityIndex identities,
      ClientAuthCatalog clients,
      Map<String, UpstreamPool> pools,
      RouteLimits routeLimits,
      Encoders encoders,
      ContextCache contexts,
      Staples staples,
      Optional<Snapshot> previous) {
    this.config = config;
    this.identities = identities;
    this.clients = clients;
    this.pools = pools;
    this.routeLimits = routeLimits;
    this.encoders = encoders;
    this.contexts = contexts;
    this.staples = staples;
    this.previous = previous;
    this.kept = previous.map(snapshot -> new KeptHosts(snapshot, config, pools));
  }

  Map<String, ListenerHosts> listeners() {
    Map<String, ListenerHosts> listeners = new HashMap<>();
    for (ListenerConfig listener : config.listeners()) {
      listeners.put(listener.name(), hosts(listener));
    }
    return Map.copyOf(listeners);
  }

  /** Hosts that end TLS here and were not taken over; known once the tables are built. */
  List<ServedHost> fresh() {
    return fresh;
  }

  private ListenerHosts hosts(ListenerConfig listener) {
    List<HostConfig> configured = new ArrayList<>(config.hosts().size());
    List<ServedHost> served = new ArrayList<>(config.hosts().size());
    boolean startTls = false;
    for (HostConfig host : config.hosts()) {
      if (findable(host, listener)) {
        ServedHost compiled = served(host, listener);
        configured.add(host);
        served.add(compiled);
        startTls |= compiled.startTls();
      }
    }
    Optional<ListenerHosts> before = previous.map(its -> its.listeners().get(listener.name()));
    boolean same = before.isPresent() && sameNames() && identical(before.get().all(), served);
    List<ServedHost> all = same ? before.get().all() : List.copyOf(served);
    SniTable<ServedHost> table =
        same
            ? before.get().hosts()
            : table(configured, all, before.map(ListenerHosts::hosts).orElse(SniTable.empty()));
    Optional<ServedHost> unknown = fallback(config.tls().unknownHost(), table);
    Optional<ServedHost> missing = fallback(config.tls().missingSni(), table);
    return new ListenerHosts(
        listener,
        all,
        table,
        unknown,
        new SniDecider<>(table, unknown, missing, identities, contexts, staples),
        startTls,
        redirectPorts(listener));
  }

  private static boolean findable(HostConfig host, ListenerConfig listener) {
    return (listener.tls() || host.relay().isEmpty())
        && (host.listeners().isEmpty() || host.listeners().contains(listener.name()));
  }

  /** Whether hosts have the same names and aliases, in the same order, as in the one before. */
  private boolean sameNames() {
    return previous.map(its -> its.config().hosts().equals(config.hosts())).orElse(false);
  }

  @SuppressWarnings("ReferenceEquality") // whether they are equal would take a walk through all
  private static boolean identical(List<ServedHost> before, List<ServedHost> now) {
    if (before.size() != now.size()) {
      return false;
    }
    for (int i = 0; i < before.size(); i++) {
      if (before.get(i) != now.get(i)) {
        return false;
      }
    }
    return true;
  }

  private static SniTable<ServedHost> table(
      List<HostConfig> configured, List<ServedHost> served, SniTable<ServedHost> before) {
    SniTable.Builder<ServedHost> builder = SniTable.builder(before);
    for (int i = 0; i < served.size(); i++) {
      ServedHost host = served.get(i);
      builder.add(host.label(), host);
      configured.get(i).aliases().forEach(alias -> builder.add(alias.toString(), host));
    }
    return builder.build();
  }

  private static Optional<ServedHost> fallback(
      TlsConfig.NameFallback fallback, SniTable<ServedHost> table) {
    return fallback
        .host()
        .flatMap(label -> table.match(label).map(SniMatch::value).filter(of(label)));
  }

  private static Predicate<ServedHost> of(String label) {
    return host -> host.label().equals(label);
  }

  private Optional<RedirectPorts> redirectPorts(ListenerConfig listener) {
    return listener.redirectToHttps()
        ? Optional.of(RedirectPorts.of(config, listener))
        : Optional.empty();
  }

  private ServedHost served(HostConfig host, ListenerConfig listener) {
    Optional<ServedHost> before = kept.flatMap(its -> its.of(host, listener));
    // What is demanded of clients rests on files, too.
    if (before.isPresent() && host.clientAuth().isEmpty()) {
      return before.get();
    }
    TlsTerms terms = terms(host, listener);
    if (before.isPresent() && before.get().terms().equals(terms)) {
      return before.get();
    }
    ServedHost compiled =
        before.isPresent() ? before.get().withTerms(terms) : compiled(host, terms);
    if (listener.tls() && !compiled.passthrough()) {
      fresh.add(compiled);
    }
    return compiled;
  }

  private ServedHost compiled(HostConfig host, TlsTerms terms) {
    String label = host.name().toString();
    Optional<AsciiBytes> hsts = host.hsts().map(h -> AsciiBytes.of(h.fieldValue()));
    Answers answers = Answers.of(hsts, host.answers(), config.http().errorPages());
    return new ServedHost(
        label,
        terms,
        routes.computeIfAbsent(label, unseen -> routes(host)),
        answers,
        answers.inClear(),
        host.relay().map(its -> new ServedHost.RelayTarget(its, pools.get(its.upstream()))));
  }

  private RouteTable routes(HostConfig host) {
    String label = host.name().toString();
    return RouteTable.compile(
        host.routes(), pools::get, route -> routeLimits.of(label, route), encoders);
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
