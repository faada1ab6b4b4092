package io.lockgate.exchange;

import io.lockgate.http.AsciiBytes;
import io.lockgate.http.FieldName;
import io.lockgate.http.FieldSection;
import io.lockgate.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.util.Locale;

/**
 * The answers that the proxy gives by itself when something is wrong: a short text, or a problem in
 * JSON (RFC 9457), that names the request id and nothing of the inside.
 */
final class ErrorResponse {
  static final AsciiBytes TEXT = AsciiBytes.of("text/plain; charset=utf-8");
  static final AsciiBytes PROBLEM = AsciiBytes.of("application/problem+json");

  private static final AsciiBytes NO_STORE = AsciiBytes.of("no-store");
  private static final AsciiBytes ONE_SECOND = AsciiBytes.of("1");

  private ErrorResponse() {}

  /** Begins the head; content and its type are the caller's. */
  static void compose(ResponseHead head, int status, int contentLength) {
    head.compose(status, contentLength);
    head.fields().append(FieldName.CACHE_CONTROL, NO_STORE);
    if (status == 503) {
      head.fields().append(FieldName.RETRY_AFTER, ONE_SECOND);
    }
  }

  /** Such as {@code 502 the server cannot be reached}, and the request id on a line of its own. */
  static ByteBuf body(ByteBufAllocator allocator, int status, String sentence, String requestId) {
    String id = requestId.isEmpty() ? "" : "request id " + requestId + "\n";
    return ByteBufUtil.writeAscii(allocator, status + " " + sentence + "\n" + id);
  }

  /** The same in JSON; neither sentences nor request ids hold what would have to be escaped. */
  static ByteBuf problem(
      ByteBufAllocator allocator, int status, String sentence, String requestId) {
    return ByteBufUtil.writeAscii(
        allocator,
        "{\"type\":\"about:blank\",\"status\":"
            + status
            + ",\"detail\":\""
            + sentence
            + "\",\"request_id\":\""
            + requestId
            + "\"}\n");
  }

  /** Whether the client asks for JSON and, unlike a browser, not for pages as well. */
  static boolean wantsJson(FieldSection request) {
    int index = request.find(FieldName.ACCEPT);
    if (index < 0) {
      return false;
    }
    String accept = request.value(index).toLowerCase(Locale.ROOT);
    return (accept.contains("application/json") || accept.contains("application/problem+json"))
        && !accept.contains("text/html");
  }
}
