package io.lockgate.tls;

import io.netty.handler.ssl.SslCloseCompletionEvent;

/** What an event of a channel says about the end of its TLS. */
public enum TlsEnd {
  /** Nothing. */
  NONE,
  /** The peer has said that it sends no more (RFC 8446 section 6.1). */
  ORDERLY,
  /** The connection was cut off, so that what came may not be all. */
  TRUNCATED;

  public static TlsEnd of(Object event) {
    if (event instanceof SslCloseCompletionEvent close) {
      return close.isSuccess() ? ORDERLY : TRUNCATED;
    }
    return NONE;
  }
}
