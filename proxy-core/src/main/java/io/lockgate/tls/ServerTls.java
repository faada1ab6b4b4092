package io.lockgate.tls;

import static io.lockgate.tls.SigningPlace.WORKERS;

import io.lockgate.config.model.TlsPolicy.TlsVersion;
import io.lockgate.pki.Identity;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslPrivateKeyMethod;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.internal.tcnative.SSL;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;

/**
 * An identity and its terms, made ready for handshakes: a native context that any number of
 * connections share. Owned by {@link ContextCache}; it must not be used after the turn of the event
 * loop in which it was looked up.
 */
public final class ServerTls {
  private final Identity identity;
  private final TlsTerms terms;
  private final ReferenceCountedOpenSslContext context;

  /** Where handshakes are continued that take long; empty where all is done on the event loop. */
  private final Optional<HandshakeWorkers> workers;

  /**
   * What contexts are made with, whatever the identity.
   *
   * @param workers for handshakes that would hold up an event loop
   * @param compression of the certificates; empty leaves them as they are
   * @param openSsl signs with the keys that it suits
   */
  record Surroundings(
      HandshakeWorkers workers,
      Optional<CertificateCompression> compression,
      Optional<SystemOpenSsl> openSsl) {}

  private ServerTls(
      Identity identity,
      TlsTerms terms,
      ReferenceCountedOpenSslContext context,
      Optional<HandshakeWorkers> workers) {
    this.identity = identity;
    this.terms = terms;
    this.context = context;
    this.workers = workers;
  }

  public Identity identity() {
    return identity;
  }

  public TlsTerms terms() {
    return terms;
  }

  /**
   * Builds the native context: tens of microseconds, no file and no lock.
   *
   * @param signer where the identity's key is not for this process to use
   * @throws IllegalStateException where the native library refuses what the configuration's checks
   *     have let pass
   */
  static ServerTls build(
      Identity identity, TlsTerms terms, Surroundings surroundings, Optional<KeySigner> signer) {
    SingleIdentity keys =
        signer.isPresent() ? SingleIdentity.withoutKey(identity) : SingleIdentity.of(identity);
    boolean offLoop =
        keys.key().map(SigningPlace::of).orElse(WORKERS) == WORKERS || terms.clientAuth().asks();
    Optional<OpenSslPrivateKeyMethod> faster =
        keys.key()
            .filter(SystemOpenSsl::suits)
            .flatMap(key -> surroundings.openSsl().flatMap(library -> library.signingWith(key)));
    if (faster.isPresent()) {
      keys = SingleIdentity.withoutKey(identity);
    }
    try {
      ReferenceCountedOpenSslContext context =
          (ReferenceCountedOpenSslContext)
              SslContextBuilder.forServer(keys)
                  .sslProvider(SslProvider.OPENSSL_REFCNT)
                  .trustManager(trust(terms.clientAuth()))
                  .clientAuth(clientAuth(terms.clientAuth()))
                  .protocols(PolicyTerms.protocols(terms.policy()))
                  .ciphers(PolicyTerms.ciphers(terms.policy()))
                  .applicationProtocolConfig(alpn(terms))
                  .option(
                      OpenSslContextOption.GROUPS, terms.policy().groups().toArray(String[]::new))
                  // The choice of the certificate becomes a task, and whoever runs it goes on
                  // with the handshake, signature included: without need only one more step. So
                  // does the verification of a client's certificate. A signature by any method
                  // has to be a task: called otherwise, the native library reads arguments that
                  // nobody has passed, and the process dies of it.
                  .option(OpenSslContextOption.USE_TASKS, offLoop || faster.isPresent())
                  .option(
                      OpenSslContextOption.ASYNC_PRIVATE_KEY_METHOD,
                      signer.map(SigningElsewhere::new).orElse(null))
                  .option(OpenSslContextOption.PRIVATE_KEY_METHOD, faster.orElse(null))
                  .option(
                      OpenSslContextOption.CERTIFICATE_COMPRESSION_ALGORITHMS,
                      surroundings
                          .compression()
                          .map(CertificateCompression::forContext)
                          .orElse(null))
                  .enableOcsp(identity.ocspAddress().isPresent())
                  .sessionCacheSize(terms.sessionCacheSize())
                  .sessionTimeout(terms.sessionLifetime().toSeconds())
                  .build();
      return new ServerTls(
          identity,
          terms,
          resuming(context, terms),
          offLoop ? Optional.of(surroundings.workers()) : Optional.empty());
    } catch (SSLException e) {
      throw new IllegalStateException("cannot build the context of " + identity.digest(), e);
    }
  }

  /** The engine of a new connection; it keeps the native context alive from here on. */
  SslHandler newHandler(ByteBufAllocator allocator) {
    SslHandler handler =
        workers.isPresent()
            ? context.newHandler(allocator, workers.get())
            : context.newHandler(allocator);
    if (!terms.tickets() && terms.policy().maxVersion() == TlsVersion.TLS_1_3) {
      // Netty switches tickets on for every engine that may speak TLS 1.3.
      SSL.setOptions(
          ((ReferenceCountedOpenSslEngine) handler.engine()).sslPointer(), SSL.SSL_OP_NO_TICKET);
    }
    return handler;
  }

  ReferenceCountedOpenSslContext context() {
    return context;
  }

  private static ReferenceCountedOpenSslContext resuming(
      ReferenceCountedOpenSslContext context, TlsTerms terms) {
    OpenSslServerSessionContext sessions = (OpenSslServerSessionContext) context.sessionContext();
    // A session is resumed only where this is equal: never in another domain, whatever the keys.
    sessions.setSessionIdContext(sha256(terms.ticketDomain()));
    if (terms.sessionCacheSize() == 0) {
      sessions.setSessionCacheEnabled(false);
    }
    return context;
  }

  private static TrustManager trust(ClientAuthTerms terms) {
    return terms.verifier().<TrustManager>map(ClientTrust::new).orElseGet(NoClientTrusted::new);
  }

  private static ClientAuth clientAuth(ClientAuthTerms terms) {
    return switch (terms.demand()) {
      case NONE -> ClientAuth.NONE;
      case OPTIONAL -> ClientAuth.OPTIONAL;
      case REQUIRED -> ClientAuth.REQUIRE;
    };
  }

  private static ApplicationProtocolConfig alpn(TlsTerms terms) {
    return terms.alpn().isEmpty()
        ? ApplicationProtocolConfig.DISABLED
        : new ApplicationProtocolConfig(
            Protocol.ALPN,
            SelectorFailureBehavior.NO_ADVERTISE,
            SelectedListenerFailureBehavior.ACCEPT,
            terms.alpn());
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
