package io.lockgate.tls;

import io.lockgate.pki.Identity;
import io.netty.buffer.ByteBufAllocator;
import javax.net.ssl.SSLEngine;

/**
 * Lets benchmarks at the engine that a connection to the proxy gets, without the connection: in the
 * proxy it never leaves the pipeline.
 */
public final class ProxyEngine {
  private ProxyEngine() {}

  /** The caller releases it. */
  public static SSLEngine open(
      ContextCache contexts, Identity identity, TlsTerms terms, ByteBufAllocator allocator) {
    return contexts.get(identity, terms).newHandler(allocator).engine();
  }
}
