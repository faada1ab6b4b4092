package io.lockgate.http;

/** What a single value of X-Forwarded-Proto, -Host or -Port looks like. Pure. */
final class ForwardedValue {
  private static final AsciiBytes HTTP = AsciiBytes.of("http");
  private static final AsciiBytes HTTPS = AsciiBytes.of("https");

  private ForwardedValue() {}

  static boolean valid(FieldName name, byte[] bytes, int start, int end) {
    return switch (name) {
      case X_FORWARDED_PROTO ->
          HTTP.matchesIgnoringCase(bytes, start, end)
              || HTTPS.matchesIgnoringCase(bytes, start, end);
      case X_FORWARDED_HOST -> Authority.valid(bytes, start, end);
      case X_FORWARDED_PORT -> Authority.port(bytes, start, end) > 0;
      default -> throw new AssertionError(name);
    };
  }
}
