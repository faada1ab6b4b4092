package io.lockgate.bench;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.internal.tcnative.SSL;
import io.netty.util.ReferenceCountUtil;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * The client of every handshake: BoringSSL, TLS 1.3 only, and it believes any certificate, so that
 * it takes as little as possible of what is measured.
 */
final class TlsClient implements AutoCloseable {
  private final SslContext context;

  private TlsClient(SslContext context) {
    this.context = context;
  }

  /**
   * @param resuming whether it keeps the tickets it gets, and comes back with them
   * @param groups most wanted first
   */
  static TlsClient of(boolean resuming, String... groups) throws SSLException {
    SslContext context =
        SslContextBuilder.forClient()
            .sslProvider(SslProvider.OPENSSL_REFCNT)
            .trustManager(InsecureTrustManagerFactory.INSTANCE)
            .endpointIdentificationAlgorithm(null)
            .protocols("TLSv1.3")
            .applicationProtocolConfig(TlsServer.ALPN)
            .option(OpenSslContextOption.GROUPS, groups)
            .option(OpenSslContextOption.USE_TASKS, false)
            .build();
    ((OpenSslSessionContext) context.sessionContext()).setSessionCacheEnabled(resuming);
    return new TlsClient(context);
  }

  SSLEngine open() {
    return context.newEngine(PooledByteBufAllocator.DEFAULT, TlsServer.NAME, 443);
  }

  static boolean resumed(SSLEngine client) {
    return SSL.isSessionReused(((ReferenceCountedOpenSslEngine) client).sslPointer());
  }

  @Override
  public void close() {
    ReferenceCountUtil.release(context);
  }
}
