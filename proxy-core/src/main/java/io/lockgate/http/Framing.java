package io.lockgate.http;

/** How the end of a message's content is found (RFC 9112 section 6.3). */
public enum Framing {
  /** There is no content. */
  NONE,
  /** {@code contentLength()} octets. */
  LENGTH,
  /** Chunked transfer coding. */
  CHUNKED,
  /** By the end of the HTTP/2 stream, with no length declared. */
  UNTIL_END,
  /** By the close of the connection; responses only. */
  UNTIL_CLOSE
}
