package io.lockgate.http;

/** Removes what concerns one connection only (RFC 9110 section 7.6.1). */
public final class HopByHop {
  private HopByHop() {}

  public static void strip(RequestHead head) {
    throw new UnsupportedOperationException();
  }

  public static void strip(ResponseHead head) {
    throw new UnsupportedOperationException();
  }
}
