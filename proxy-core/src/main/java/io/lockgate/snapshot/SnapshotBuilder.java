package io.lockgate.snapshot;

import io.lockgate.coding.Encoders;
import io.lockgate.config.hocon.ConfigResult;
import io.lockgate.config.model.ConfigProblem;
import io.lockgate.config.model.ProxyConfig;
import io.lockgate.limit.LimitTable;
import io.lockgate.pki.ClientAuthCatalog;
import io.lockgate.pki.ClientAuthLoader;
import io.lockgate.pki.IdentityCatalog;
import io.lockgate.pki.IdentityLoader;
import io.lockgate.pki.ServerTrust;
import io.lockgate.staple.Stapling;
import io.lockgate.tls.ContextCache;
import io.lockgate.tls.Staples;
import io.lockgate.upstream.UpstreamPool;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
   * The first generation.
   *
   * @param identities what {@link IdentityLoader} has loaded for this configuration
   */
  public BuildResult first(ConfigResult.Valid read, IdentityCatalog identities) {
    return build(read, identities, Optional.empty());
  }

  /**
   * @param previous the generation that serves now
   */
  public BuildResult next(ConfigResult.Valid read, Snapshot previous) {
    // While requests are served, half of the processors are left to them.
    int readers = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    IdentityCatalog identities = loader.load(read.config(), previous.identities(), readers);
    return build(read, identities, Optional.of(previous));
  }

  private BuildResult build(
      ConfigResult.Valid read, IdentityCatalog identities, Optional<Snapshot> previous) {
    ProxyConfig config = read.config();
    List<ConfigProblem> problems = new ArrayList<>(read.problems());
    problems.addAll(identities.problems());
    ClientAuthCatalog clients =
        clientAuth.load(config, previous.map(Snapshot::clients).orElse(ClientAuthCatalog.EMPTY));
    problems.addAll(clients.problems());
    IdentityIndex names =
        IdentityIndex.of(
            identities,
            config,
            clock.instant(),
            previous.map(Snapshot::names).orElse(IdentityIndex.EMPTY));
    problems.addAll(HostCoverage.problems(config, names::covers));
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
    Staples staples =
        stapling.prepare(config, identities, previous.map(Snapshot::staples).orElse(Staples.NONE));
    HostTables tables =
        new HostTables(
            config,
            names,
            clients,
            pools,
            new RouteLimits(limits, config),
            encoders,
            contexts,
            staples,
            previous);
    Map<String, ListenerHosts> listeners = tables.listeners();
    problems.addAll(new Rehearsal(config, names, contexts).problems(tables.fresh()));
    if (problems.stream().anyMatch(p -> p.severity() == ConfigProblem.Severity.ERROR)) {
      return new BuildResult.Failed(problems);
    }
    return new BuildResult.Built(
        new Snapshot(
            previous.map(Snapshot::generation).orElse(0L) + 1,
            config,
            read.effective(),
            identities,
            names,
            clients,
            HttpTerms.of(config.http()),
            listeners,
            pools,
            staples),
        problems);
  }
}
