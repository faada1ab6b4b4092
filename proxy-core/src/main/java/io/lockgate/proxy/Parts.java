package io.lockgate.proxy;

import io.lockgate.accesslog.AccessLogSetup;
import io.lockgate.config.hocon.ConfigSource;
import io.lockgate.config.model.ProxyConfig;
import io.lockgate.config.model.TlsConfig;
import io.lockgate.listen.InheritedSockets;
import io.lockgate.loop.Loops;
import io.lockgate.loop.Transport;
import io.lockgate.pki.IdentityLoader;
import io.lockgate.snapshot.SnapshotBuilder;
import io.lockgate.snapshot.UpstreamPools;
import io.lockgate.staple.Stapling;
import io.lockgate.ticket.TicketSource;
import io.lockgate.ticket.TicketSourceException;
import io.lockgate.ticket.TicketSources;
import io.lockgate.tls.CertificateUse;
import io.lockgate.tls.ContextCache;
import io.lockgate.tls.HandshakeWorkers;
import io.lockgate.tls.ThreadTime;
import io.lockgate.tls.TicketKeys;
import io.lockgate.tls.UpstreamTls;
import io.lockgate.tls.UpstreamTlsCounts;
import io.lockgate.upstream.UpstreamWatch;
import java.lang.ref.Cleaner;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;

/** What the proxy is made of before its first configuration has been built, and outlives each. */
record Parts(
    ProxySetup setup,
    ConfigSource source,
    Loops loops,
    UpstreamWatch watch,
    TicketKeys ticketKeys,
    TicketRotation tickets,
    ThreadTime threadTime,
    HandshakeWorkers workers,
    ContextCache contexts,
    CertificateUse certificateUse,
    UpstreamTlsCounts upstreamTls,
    Stapling stapling,
    SnapshotBuilder builder,
    AccessLogSetup logSetup,
    InheritedSockets inherited) {

  static Parts of(
      ProxySetup setup, ConfigSource source, ProxyConfig config, Inheritance inheritance)
      throws TicketSourceException {
    // First, as nothing has to be undone where this fails.
    var sources = new TicketSources(setup.clock(), setup.environment(), new SecureRandom());
    TicketSource secrets = tickets(sources, config.tls().tickets(), inheritance);
    var ticketKeys = new TicketKeys(secrets.at(setup.clock().instant()));
    Transport transport = Transport.of(config.runtime().transport());
    var inherited =
        new InheritedSockets(
            inheritance.sockets().stream().map(s -> s.adopt(transport::adopt)).toList());
    Loops loops = Loops.start(transport, config.runtime().eventLoops());
    var watch = new UpstreamWatch(transport);
    var threadTime = new ThreadTime();
    var workers = HandshakeWorkers.ofProcessors(threadTime);
    var contexts =
        new ContextCache(
            config.tls().maxCachedContexts(), ticketKeys, loops::afterBarrier, workers);
    contexts.compressCertificates(config.tls().certificateCompression());
    var loader = new IdentityLoader(setup.clock(), setup.environment());
    var upstreamTls = new UpstreamTlsCounts();
    var upstreams =
        new UpstreamPools(
            loops,
            watch,
            new UpstreamTls.Surroundings(setup.clock(), workers, Cleaner.create()),
            upstreamTls);
    var stapling = Stapling.ofProcess(setup.clock(), inheritance.staples());
    return new Parts(
        setup,
        source,
        loops,
        watch,
        ticketKeys,
        new TicketRotation(sources, secrets, ticketKeys, contexts, loops, setup.clock()),
        threadTime,
        workers,
        contexts,
        new CertificateUse(),
        upstreamTls,
        stapling,
        new SnapshotBuilder(setup.clock(), upstreams, contexts, loader, stapling),
        AccessLogSetup.ofProcess(loops.count(), setup.clock()),
        inherited);
  }

  private static TicketSource tickets(
      TicketSources sources, TlsConfig.Tickets asked, Inheritance inheritance)
      throws TicketSourceException {
    if (inheritance.ticketSecrets().isEmpty()) {
      return sources.open(asked, Optional.empty());
    }
    byte[] secrets = inheritance.ticketSecrets().get();
    try {
      return sources.openInherited(asked, secrets);
    } finally {
      Arrays.fill(secrets, (byte) 0);
    }
  }

  /** Undoes {@link #of}, where nothing of it serves yet. */
  void close() {
    stapling.close();
    contexts.close();
    workers.close();
    watch.close();
    loops.close();
  }
}
