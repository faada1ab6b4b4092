package io.lockgate.tls;

import io.lockgate.pki.Identity;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.handler.ssl.SslHandler;

/**
 * An identity and its terms, made ready for handshakes: a native context that any number of
 * connections share. Owned by {@link ContextCache}; it must not be used after the turn of the event
 * loop in which it was looked up.
 */
public final class ServerTls {
  private final Identity identity;
  private final TlsTerms terms;
  private final ReferenceCountedOpenSslContext context;

  ServerTls(Identity identity, TlsTerms terms, ReferenceCountedOpenSslContext context) {
    this.identity = identity;
    this.terms = terms;
    this.context = context;
  }

  public Identity identity() {
    return identity;
  }

  public TlsTerms terms() {
    return terms;
  }

  /** The engine keeps the native context alive from here on. */
  SslHandler newHandler(ByteBufAllocator allocator) {
    return context.newHandler(allocator);
  }

  ReferenceCountedOpenSslContext context() {
    return context;
  }
}
