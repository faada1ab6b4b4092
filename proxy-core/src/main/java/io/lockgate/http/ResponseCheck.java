package io.lockgate.http;

/** The one gate between untrusted response heads and everything else. */
public final class ResponseCheck {
  private ResponseCheck() {}

  /** Checks a head that {@link HeadScanner} completed, as the answer to a request. */
  public static HeadVerdict http1(ResponseHead head, Method request) {
    throw new UnsupportedOperationException();
  }

  /** Checks a head whose fields, {@code :status} included, were appended in order. */
  public static HeadVerdict http2(ResponseHead head, Method request, boolean endOfStream) {
    throw new UnsupportedOperationException();
  }
}
