package io.lockgate.config.model;

import java.util.List;

/**
 * Which responses are compressed, and how.
 *
 * @param encodings most wanted first where a client likes them alike
 * @param types media types in lower case, each with one asterisk at most
 * @param minLength in bytes; what is declared to be shorter stays as it is
 */
public record CompressionConfig(List<Encoding> encodings, List<String> types, long minLength) {
  public CompressionConfig {
    encodings = List.copyOf(encodings);
    types = List.copyOf(types);
  }

  /** A content coding (RFC 9110 section 8.4.1). */
  public enum Encoding {
    ZSTD("zstd"),
    BROTLI("br"),
    GZIP("gzip");

    private final String token;

    Encoding(String token) {
      this.token = token;
    }

    /** As it stands in fields. */
    public String token() {
      return token;
    }

    /** The coding that a token names. */
    public static Encoding of(String token) {
      for (Encoding encoding : values()) {
        if (encoding.token.equals(token)) {
          return encoding;
        }
      }
      throw new IllegalArgumentException("not a coding: " + token);
    }
  }
}
