package io.lockgate.bench;

import io.lockgate.config.model.TlsPolicy;
import io.lockgate.config.model.TlsPolicy.TlsVersion;
import io.lockgate.pki.Identity;
import io.lockgate.testkit.TestCa;
import io.lockgate.testkit.TestIdentity;
import io.lockgate.testkit.TestKey;
import io.lockgate.ticket.TicketSecrets;
import io.lockgate.ticket.TicketSource;
import io.lockgate.ticket.TicketSourceException;
import io.lockgate.tls.ContextCache;
import io.lockgate.tls.HandshakeWorkers;
import io.lockgate.tls.ProxyEngine;
import io.lockgate.tls.ThreadTime;
import io.lockgate.tls.TicketKeys;
import io.lockgate.tls.TlsTerms;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/** A server's side of handshakes: makes an engine for each connection. */
public interface TlsServer extends AutoCloseable {
  String NAME = "www.example.test";

  ApplicationProtocolConfig ALPN =
      new ApplicationProtocolConfig(
          Protocol.ALPN,
          SelectorFailureBehavior.NO_ADVERTISE,
          SelectedListenerFailureBehavior.ACCEPT,
          "h2",
          "http/1.1");

  /** What the proxy's hosts demand by default. */
  TlsTerms TERMS =
      new TlsTerms(
          new TlsPolicy(
              "intermediate",
              TlsVersion.TLS_1_2,
              TlsVersion.TLS_1_3,
              List.of(
                  "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                  "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
              List.of("X25519MLKEM768", "X25519", "P-256", "P-384"),
              Set.of("ecdsa_secp256r1_sha256", "rsa_pss_rsae_sha256"),
              Set.of()),
          List.of("h2", "http/1.1"),
          "bench",
          true,
          100,
          Duration.ofHours(1));

  SSLEngine open();

  @Override
  void close();

  /** A chain of leaf and intermediate, as public authorities issue them. */
  static TestIdentity identity(TestKey key) {
    return TestCa.root().intermediate("Bench Intermediate").leaf(NAME).key(key).issue();
  }

  /** Which engine, both with the same certificate, protocols, groups and tickets. */
  enum Kind {
    /** As the proxy serves: its own context with the intermediate policy and its ticket keys. */
    LOCKGATE {
      @Override
      TlsServer serve(TestIdentity issued) {
        Identity identity = Identity.of(issued.chain(), issued.key());
        TicketKeys keys = new TicketKeys(secrets());
        HandshakeWorkers workers = HandshakeWorkers.ofProcessors(ThreadTime.NONE);
        ContextCache contexts = new ContextCache(10, keys, Runnable::run, workers);
        return new TlsServer() {
          @Override
          public SSLEngine open() {
            return ProxyEngine.open(contexts, identity, TERMS, PooledByteBufAllocator.DEFAULT);
          }

          @Override
          public void close() {
            contexts.close();
            workers.close();
          }
        };
      }
    },
    /** The engine of the JDK, with its stateless tickets. */
    JDK {
      @Override
      TlsServer serve(TestIdentity issued) throws SSLException {
        SslContext context =
            SslContextBuilder.forServer(issued.key(), issued.chain())
                .sslProvider(SslProvider.JDK)
                .protocols("TLSv1.3")
                .applicationProtocolConfig(ALPN)
                .build();
        return new TlsServer() {
          @Override
          public SSLEngine open() {
            return context.newEngine(PooledByteBufAllocator.DEFAULT);
          }

          @Override
          public void close() {}
        };
      }
    };

    private static TicketSecrets secrets() {
      Instant now = Instant.now();
      try {
        return TicketSource.random(new SecureRandom(), Duration.ofHours(1), 1, now).at(now);
      } catch (TicketSourceException e) {
        throw new AssertionError(e);
      }
    }

    abstract TlsServer serve(TestIdentity issued) throws SSLException;
  }
}
