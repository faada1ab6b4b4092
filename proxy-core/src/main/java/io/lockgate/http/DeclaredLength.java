package io.lockgate.http;

/**
 * What an HTTP/2 message declared as its length against what came of it (RFC 9113 section 8.1.1).
 * Pure.
 */
public final class DeclaredLength {
  private DeclaredLength() {}

  /**
   * Whether content may stand as it does now.
   *
   * @param declared as {@code contentLength()} of a head says: -1 if it is not declared
   * @param received octets of content that have come so far
   * @param ended whether no more will come
   */
  public static boolean agrees(long declared, long received, boolean ended) {
    return declared < 0 || (ended ? received == declared : received <= declared);
  }
}
