package io.lockgate.http;

import java.nio.charset.StandardCharsets;

/** Request methods that have a name of their own in metrics; all others are {@link #OTHER}. */
public enum Method {
  GET(true, true),
  HEAD(true, true),
  POST(false, false),
  PUT(true, false),
  DELETE(true, false),
  OPTIONS(true, true),
  PATCH(false, false),
  TRACE(true, true),
  CONNECT(false, false),
  OTHER(false, false);

  private final boolean idempotent;
  private final boolean safe;

  @SuppressWarnings("ImmutableEnumChecker") // never handed out
  private final byte[] bytes = name().getBytes(StandardCharsets.US_ASCII);

  Method(boolean idempotent, boolean safe) {
    this.idempotent = idempotent;
    this.safe = safe;
  }

  /** RFC 9110 section 9.2.2. */
  public boolean idempotent() {
    return idempotent;
  }

  /** RFC 9110 section 9.2.1. */
  public boolean safe() {
    return safe;
  }

  /** Methods are case-sensitive (RFC 9110 section 9.1). */
  public static Method of(byte[] text, int start, int end) {
    for (Method method : VALUES) {
      if (method != OTHER
          && java.util.Arrays.equals(text, start, end, method.bytes, 0, method.bytes.length)) {
        return method;
      }
    }
    return OTHER;
  }

  private static final Method[] VALUES = values();
}
