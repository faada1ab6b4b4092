package io.lockgate.tls;

import io.lockgate.config.model.TlsPolicy;
import io.lockgate.pki.ReferenceName;
import io.lockgate.pki.ServerVerifier;
import io.netty.channel.Channel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.internal.tcnative.SSL;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/**
 * The terms of an upstream made ready for handshakes: a native context for each name that its
 * servers go by, so that sessions are never resumed across names. Built off the event loops, used
 * on all of them.
 *
 * <p>The contexts live as long as this object is reachable: a pool that was replaced may still have
 * to connect for a request that began before, and nobody knows when the last of those is over.
 */
public final class UpstreamTls {
  /**
   * How long a session is resumed, and so at most how much longer than its certificate a server is
   * believed.
   */
  private static final Duration SESSION_LIFETIME = Duration.ofMinutes(5);

  /** More would only be older ones: each handshake brings one or two. */
  private static final int SESSIONS_KEPT = 64;

  private static final String HTTP_1_1 = "http/1.1";

  private final UpstreamTlsTerms terms;
  private final Map<String, Named> byName;
  private final Executor workers;

  private UpstreamTls(UpstreamTlsTerms terms, Map<String, Named> byName, Executor workers) {
    this.terms = terms;
    this.byName = byName;
    this.workers = workers;
  }

  /**
   * What is the same for all upstreams.
   *
   * @param workers verify certificates
   * @param cleaner releases contexts that nobody can reach any more
   */
  public record Surroundings(Clock clock, Executor workers, Cleaner cleaner) {}

  /**
   * Builds the contexts; some tens of microseconds each.
   *
   * @param hosts of the servers, as names or IP literals
   * @throws IllegalStateException where the native library refuses what the configuration's checks
   *     have let pass
   */
  public static UpstreamTls build(
      UpstreamTlsTerms terms, Collection<String> hosts, Surroundings surroundings) {
    Map<String, Named> byName = new HashMap<>();
    for (String host : hosts) {
      byName.computeIfAbsent(
          terms.nameFor(host),
          name -> {
            ReferenceName reference = ReferenceName.of(name);
            var verifier =
                new ServerVerifier(reference, terms.trust(), terms.pins(), surroundings.clock());
            boolean choice = terms.alpn().contains(HTTP_1_1) && terms.alpn().size() > 1;
            return new Named(
                reference,
                context(terms, terms.alpn(), verifier),
                choice
                    ? Optional.of(context(terms, List.of(HTTP_1_1), verifier))
                    : Optional.empty());
          });
    }
    var built = new UpstreamTls(terms, byName, surroundings.workers());
    byName.values().stream()
        .flatMap(Named::contexts)
        .forEach(context -> surroundings.cleaner().register(built, context::release));
    return built;
  }

  public UpstreamTlsTerms terms() {
    return terms;
  }

  /** Which protocols a server may choose from by ALPN. */
  public enum Offer {
    /** All that the terms name. */
    ALL,
    /** HTTP/1.1 alone; only where the terms name it among others. */
    HTTP_1_1
  }

  /**
   * Puts TLS into the pipeline of a channel that is yet to be connected. What follows is told to
   * {@code outcome} on the channel's event loop; the handshake has no deadline of its own.
   *
   * @param host the server's, as given to {@link #build}
   * @param port with the host it makes out whose sessions may be resumed
   */
  public UpstreamTlsHandler secure(
      Channel channel,
      String host,
      int port,
      Offer offer,
      UpstreamTlsHandler.Outcome outcome,
      UpstreamTlsListener listener) {
    Named named = byName.get(terms.nameFor(host));
    SslHandler engine =
        named.context(offer).newHandler(channel.alloc(), host + ":" + port, port, workers);
    try {
      engine.setHandshakeTimeoutMillis(0);
      if (!named.name().isAddress()) {
        // Set here and not by Netty, which leaves out names of one label.
        SSL.setTlsExtHostName(
            ((ReferenceCountedOpenSslEngine) engine.engine()).sslPointer(), named.name().text());
      }
      var watch = new UpstreamTlsHandler(engine, outcome, listener);
      channel.pipeline().addLast(engine, watch);
      return watch;
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private static ReferenceCountedOpenSslContext context(
      UpstreamTlsTerms terms, List<String> protocols, ServerVerifier verifier) {
    TlsPolicy policy = terms.policy();
    SslContextBuilder builder =
        SslContextBuilder.forClient()
            .sslProvider(SslProvider.OPENSSL_REFCNT)
            .trustManager(new ServerCheck(verifier))
            // Names are checked by the verifier.
            .endpointIdentificationAlgorithm(null)
            .protocols(PolicyTerms.protocols(policy))
            .ciphers(PolicyTerms.ciphers(policy))
            .applicationProtocolConfig(alpn(protocols))
            .option(OpenSslContextOption.GROUPS, policy.groups().toArray(String[]::new))
            .option(OpenSslContextOption.USE_TASKS, true)
            .sessionCacheSize(SESSIONS_KEPT)
            .sessionTimeout(SESSION_LIFETIME.toSeconds());
    terms.identity().ifPresent(identity -> builder.keyManager(new PresentedIdentity(identity)));
    try {
      var context = (ReferenceCountedOpenSslContext) builder.build();
      OpenSslSessionContext sessions = context.sessionContext();
      sessions.setSessionCacheEnabled(true);
      sessions.setTicketKeys(); // without any key it is the way to say that tickets are taken
      return context;
    } catch (SSLException e) {
      throw new IllegalStateException("cannot build a context for servers: " + e.getMessage(), e);
    }
  }

  private static ApplicationProtocolConfig alpn(List<String> protocols) {
    return protocols.isEmpty()
        ? ApplicationProtocolConfig.DISABLED
        : new ApplicationProtocolConfig(
            Protocol.ALPN,
            SelectorFailureBehavior.NO_ADVERTISE,
            SelectedListenerFailureBehavior.ACCEPT,
            protocols);
  }

  private record Named(
      ReferenceName name,
      ReferenceCountedOpenSslContext all,
      Optional<ReferenceCountedOpenSslContext> http1) {
    ReferenceCountedOpenSslContext context(Offer offer) {
      return offer == Offer.ALL ? all : http1.orElse(all);
    }

    Stream<ReferenceCountedOpenSslContext> contexts() {
      return Stream.concat(Stream.of(all), http1.stream());
    }
  }
}
