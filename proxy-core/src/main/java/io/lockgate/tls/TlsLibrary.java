package io.lockgate.tls;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import javax.net.ssl.SSLException;

/** The native TLS library as a whole, apart from what is made with it. */
public final class TlsLibrary {
  private TlsLibrary() {}

  /**
   * Loads the library and what contexts rest on, which takes a start a tenth of a second, by making
   * a context that nobody uses. Reads files, so never on an event loop.
   *
   * @throws SSLException if the library refuses even that
   * @throws UnsatisfiedLinkError if there is none for this machine
   */
  public static void load() throws SSLException {
    SslContext context =
        SslContextBuilder.forClient()
            .sslProvider(SslProvider.OPENSSL_REFCNT)
            .trustManager(new NoClientTrusted())
            .build();
    ReferenceCountUtil.release(context);
    var unused = Caffeine.newBuilder().maximumSize(1).build();
  }
}
