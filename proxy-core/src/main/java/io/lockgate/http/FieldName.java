package io.lockgate.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** The fields and HTTP/2 pseudo-fields that the proxy acts on; all others are {@link #OTHER}. */
public enum FieldName {
  HOST("Host"),
  CONNECTION("Connection"),
  KEEP_ALIVE("Keep-Alive"),
  PROXY_CONNECTION("Proxy-Connection"),
  TE("TE"),
  TRAILER("Trailer"),
  TRANSFER_ENCODING("Transfer-Encoding"),
  UPGRADE("Upgrade"),
  CONTENT_LENGTH("Content-Length"),
  EXPECT("Expect"),
  DATE("Date"),
  SERVER("Server"),
  VIA("Via"),
  COOKIE("Cookie"),
  SET_COOKIE("Set-Cookie"),
  AUTHORIZATION("Authorization"),
  PROXY_AUTHENTICATE("Proxy-Authenticate"),
  PROXY_AUTHORIZATION("Proxy-Authorization"),
  FORWARDED("Forwarded"),
  X_FORWARDED_FOR("X-Forwarded-For"),
  X_FORWARDED_PROTO("X-Forwarded-Proto"),
  X_FORWARDED_HOST("X-Forwarded-Host"),
  X_FORWARDED_PORT("X-Forwarded-Port"),
  X_REAL_IP("X-Real-IP"),
  X_REQUEST_ID("X-Request-Id"),
  USER_AGENT("User-Agent"),
  REFERER("Referer"),
  LOCATION("Location"),
  STRICT_TRANSPORT_SECURITY("Strict-Transport-Security"),
  CONTENT_TYPE("Content-Type"),
  CONTENT_ENCODING("Content-Encoding"),
  CONTENT_RANGE("Content-Range"),
  MAX_FORWARDS("Max-Forwards"),
  ACCEPT("Accept"),
  CACHE_CONTROL("Cache-Control"),
  ETAG("ETag"),
  HTTP2_SETTINGS("HTTP2-Settings"),
  ALT_SVC("Alt-Svc"),
  PRIORITY("Priority"),
  RETRY_AFTER("Retry-After"),
  CLIENT_CERT("Client-Cert"),
  CLIENT_CERT_CHAIN("Client-Cert-Chain"),
  X_FORWARDED_CLIENT_CERT("X-Forwarded-Client-Cert"),
  TRACEPARENT("traceparent"),
  TRACESTATE("tracestate"),
  PSEUDO_METHOD(":method"),
  PSEUDO_SCHEME(":scheme"),
  PSEUDO_AUTHORITY(":authority"),
  PSEUDO_PATH(":path"),
  PSEUDO_STATUS(":status"),
  PSEUDO_PROTOCOL(":protocol"),
  OTHER("");

  private static final FieldName[] VALUES = values();
  private static final int BUCKETS = 256;
  private static final byte[] FIRST = new byte[BUCKETS];
  private static final byte[] NEXT = new byte[VALUES.length];

  static {
    Arrays.fill(FIRST, (byte) OTHER.number());
    for (FieldName name : VALUES) {
      if (name != OTHER) {
        int bucket = bucket(name.lower, 0, name.lower.length);
        NEXT[name.number()] = FIRST[bucket];
        FIRST[bucket] = (byte) name.number();
      }
    }
  }

  private final String text;

  @SuppressWarnings("ImmutableEnumChecker") // never handed out
  private final byte[] wire;

  @SuppressWarnings("ImmutableEnumChecker") // never handed out
  private final byte[] lower;

  FieldName(String text) {
    this.text = text;
    this.wire = text.getBytes(StandardCharsets.US_ASCII);
    this.lower = text.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
  }

  /** The name in its usual spelling; empty for {@link #OTHER}. */
  public String text() {
    return text;
  }

  /** Whether the name begins with a colon (RFC 9113 section 8.3). */
  public boolean pseudo() {
    return this != OTHER && lower[0] == ':';
  }

  /** The field named by the range, in any mix of case. */
  public static FieldName of(byte[] bytes, int start, int end) {
    return VALUES[numberOf(bytes, start, end)];
  }

  /** The field of this name, in any mix of case. */
  public static FieldName of(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
    return of(bytes, 0, bytes.length);
  }

  static int numberOf(byte[] bytes, int start, int end) {
    if (end - start < 2) {
      return OTHER_NUMBER;
    }
    int candidate = FIRST[bucket(bytes, start, end)];
    while (candidate != OTHER_NUMBER) {
      if (VALUES[candidate].names(bytes, start, end)) {
        return candidate;
      }
      candidate = NEXT[candidate];
    }
    return OTHER_NUMBER;
  }

  /** Below 63, so that a set of names fits a long. */
  int number() {
    return ordinal();
  }

  /** The usual spellings first: they are compared many octets at a time. */
  private boolean names(byte[] bytes, int start, int end) {
    return Arrays.equals(bytes, start, end, wire, 0, wire.length)
        || Arrays.equals(bytes, start, end, lower, 0, lower.length)
        || Octets.equalsIgnoringCase(bytes, start, end, lower, 0, lower.length);
  }

  static FieldName at(int number) {
    return VALUES[number];
  }

  byte[] wire() {
    return wire;
  }

  private static int bucket(byte[] bytes, int start, int end) {
    int length = end - start;
    int first = Octets.lower(bytes[start]);
    int last = Octets.lower(bytes[end - 1]);
    int middle = Octets.lower(bytes[start + (length >> 1)]);
    return (length * 37 + first * 5 + last * 17 + middle * 59) & (BUCKETS - 1);
  }

  private static final int OTHER_NUMBER = OTHER.number();
}
