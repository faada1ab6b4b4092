package io.lockgate.http;

/** The one gate between untrusted request heads and everything else. */
public final class RequestCheck {
  private RequestCheck() {}

  /** Checks a head that {@link HeadScanner} completed. */
  public static HeadVerdict http1(RequestHead head) {
    throw new UnsupportedOperationException();
  }

  /** Checks a head whose fields, pseudo-fields included, were appended in the order received. */
  public static HeadVerdict http2(RequestHead head, boolean endOfStream) {
    throw new UnsupportedOperationException();
  }

  /** Checks the trailer section of an HTTP/2 request or response. */
  public static HeadVerdict http2Trailers(FieldSection trailers) {
    throw new UnsupportedOperationException();
  }
}
