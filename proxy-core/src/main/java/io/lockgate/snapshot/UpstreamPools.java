package io.lockgate.snapshot;

import io.lockgate.config.model.ConfigProblem;
import io.lockgate.config.model.HostConfig;
import io.lockgate.config.model.Origin;
import io.lockgate.config.model.ProxyConfig;
import io.lockgate.config.model.UpstreamConfig;
import io.lockgate.config.model.UpstreamConfig.Protocol;
import io.lockgate.config.model.UpstreamTlsConfig;
import io.lockgate.http.HeadLimits;
import io.lockgate.loop.Loops;
import io.lockgate.pki.IdentityCatalog;
import io.lockgate.pki.ServerTrust;
import io.lockgate.pki.ServerTrustLoader;
import io.lockgate.tls.UpstreamTls;
import io.lockgate.tls.UpstreamTlsCounts;
import io.lockgate.tls.UpstreamTlsTerms;
import io.lockgate.upstream.UpstreamPool;
import io.lockgate.upstream.UpstreamSecurity;
import io.lockgate.upstream.UpstreamWatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Builds the pools of a generation. A pool is taken over where neither its configuration nor what
 * its files hold has changed; so a rotated client certificate or other authorities bring a new
 * pool, whose connections are all new. On the control thread.
 */
public final class UpstreamPools {
  /** Names that take longer are looked up behind the back of the new generation. */
  private static final Duration NAMES_AT_MOST = Duration.ofSeconds(2);

  private final Loops loops;
  private final UpstreamWatch watch;
  private final UpstreamTls.Surroundings surroundings;
  private final UpstreamTlsCounts counts;
  private final ServerTrustLoader trusts = new ServerTrustLoader();

  public UpstreamPools(
      Loops loops,
      UpstreamWatch watch,
      UpstreamTls.Surroundings surroundings,
      UpstreamTlsCounts counts) {
    this.loops = loops;
    this.watch = watch;
    this.surroundings = surroundings;
    this.counts = counts;
  }

  /** Reads whom the upstreams trust; problems go into {@code problems}. */
  Map<String, ServerTrust> trusts(ProxyConfig config, List<ConfigProblem> problems) {
    ServerTrustLoader.Loaded loaded = trusts.load(config);
    problems.addAll(loaded.problems());
    return loaded.byUpstream();
  }

  /**
   * Builds the pools, or says in {@code problems} why one cannot be.
   *
   * @param previous those that serve now
   */
  Map<String, UpstreamPool> build(
      ProxyConfig config,
      IdentityCatalog identities,
      Map<String, ServerTrust> trusts,
      Map<String, UpstreamPool> previous,
      List<ConfigProblem> problems) {
    HeadLimits limits = responseLimits(config);
    watch.lookUp(config.upstreams(), NAMES_AT_MOST);
    var presented = new UpstreamIdentities(identities);
    Map<String, List<String>> relayed = relayed(config);
    Map<String, UpstreamPool> pools = new HashMap<>();
    for (UpstreamConfig upstream : config.upstreams()) {
      Optional<UpstreamTlsTerms> terms =
          upstream
              .tls()
              .map(
                  tls ->
                      terms(
                          config, upstream, tls, presented, trusts.get(upstream.name()), relayed));
      UpstreamPool before = previous.get(upstream.name());
      if (before != null && serves(before, upstream, limits, terms)) {
        pools.put(upstream.name(), before);
        continue;
      }
      try {
        Optional<UpstreamSecurity> security = terms.map(t -> security(upstream, t));
        pools.put(
            upstream.name(),
            UpstreamPool.create(
                upstream, loops, watch, limits, security, Optional.ofNullable(before)));
      } catch (IllegalStateException e) {
        problems.add(unusable(config, upstream, e));
      }
    }
    return Map.copyOf(pools);
  }

  private static HeadLimits responseLimits(ProxyConfig config) {
    return new HeadLimits(
        Math.max(64 * 1024, config.http().maxHeaderBytes()),
        Math.max(256, config.http().maxHeaderCount()),
        16 * 1024);
  }

  private static boolean serves(
      UpstreamPool pool,
      UpstreamConfig upstream,
      HeadLimits limits,
      Optional<UpstreamTlsTerms> terms) {
    return pool.config().equals(upstream)
        && pool.responseLimits().equals(limits)
        && pool.security().map(security -> security.tls().terms()).equals(terms);
  }

  private static UpstreamTlsTerms terms(
      ProxyConfig config,
      UpstreamConfig upstream,
      UpstreamTlsConfig tls,
      UpstreamIdentities presented,
      ServerTrust trust,
      Map<String, List<String>> relayed) {
    return new UpstreamTlsTerms(
        config.policies().get(tls.policy()),
        Optional.ofNullable(relayed.get(upstream.name()))
            .orElseGet(() -> alpn(upstream.protocol())),
        tls.serverName(),
        tls.verify() ? Optional.of(trust) : Optional.empty(),
        tls.pins(),
        presented.of(tls));
  }

  /** Servers that get bytes are offered by ALPN what clients are offered. */
  private static Map<String, List<String>> relayed(ProxyConfig config) {
    Map<String, List<String>> byUpstream = new HashMap<>();
    for (HostConfig host : config.hosts()) {
      host.relay()
          .ifPresent(
              relay ->
                  byUpstream
                      .computeIfAbsent(relay.upstream(), name -> new ArrayList<>(1))
                      .addAll(relay.alpn()));
    }
    byUpstream.replaceAll((upstream, names) -> names.stream().distinct().toList());
    return byUpstream;
  }

  private static List<String> alpn(Protocol protocol) {
    return switch (protocol) {
      case HTTP_1_1 -> List.of("http/1.1");
      case H2 -> List.of("h2");
      case AUTO -> List.of("h2", "http/1.1");
    };
  }

  private UpstreamSecurity security(UpstreamConfig upstream, UpstreamTlsTerms terms) {
    List<String> hosts = upstream.servers().stream().map(UpstreamConfig.Server::host).toList();
    return new UpstreamSecurity(
        UpstreamTls.build(terms, hosts, surroundings), counts.of(upstream.name()));
  }

  private static ConfigProblem unusable(
      ProxyConfig config, UpstreamConfig upstream, IllegalStateException cause) {
    String path = "upstreams." + upstream.name() + ".tls";
    return ConfigProblem.error(
        "upstream-tls-unusable",
        path,
        config.origins().of(path).orElse(Origin.BUILT_IN),
        "upstream \"" + upstream.name() + "\": " + cause.getMessage(),
        "check the versions, cipher suites and groups of its policy");
  }
}
