package io.lockgate.admin;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** An answer, complete before its first byte is sent. */
@SuppressWarnings("ArrayRecordComponent") // responses are never compared
record AdminResponse(int status, String contentType, byte[] body, Map<String, String> fields) {
  private static final String PLAIN = "text/plain; charset=utf-8";

  static AdminResponse json(int status, Object document) {
    return new AdminResponse(status, "application/json", Json.write(document), Map.of());
  }

  static AdminResponse text(int status, String text) {
    return new AdminResponse(status, PLAIN, text.getBytes(StandardCharsets.UTF_8), Map.of());
  }

  static AdminResponse error(int status, String error, String hint) {
    return json(status, new Problem(error, hint));
  }

  AdminResponse with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(fields);
    more.put(name, value);
    return new AdminResponse(status, contentType, body, Map.copyOf(more));
  }

  /** What every refusal looks like. */
  private record Problem(String error, String hint) {}
}
