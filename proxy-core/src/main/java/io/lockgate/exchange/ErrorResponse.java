package io.lockgate.exchange;

import io.lockgate.http.AsciiBytes;
import io.lockgate.http.FieldName;
import io.lockgate.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;

/**
 * The answers that the proxy gives by itself when something is wrong: a short text that names the
 * request id and nothing of the inside.
 */
public final class ErrorResponse {
  private static final AsciiBytes TEXT = AsciiBytes.of("text/plain; charset=utf-8");
  private static final AsciiBytes NO_STORE = AsciiBytes.of("no-store");
  private static final AsciiBytes ONE_SECOND = AsciiBytes.of("1");

  private ErrorResponse() {}

  /** Begins the head; the caller sends {@code body} after it. */
  public static void compose(ResponseHead head, int status, int contentLength) {
    head.compose(status, contentLength);
    head.fields().append(FieldName.CONTENT_TYPE, TEXT);
    head.fields().append(FieldName.CACHE_CONTROL, NO_STORE);
    if (status == 503) {
      head.fields().append(FieldName.RETRY_AFTER, ONE_SECOND);
    }
  }

  /** Such as {@code 502 the server cannot be reached}, and the request id on a line of its own. */
  public static ByteBuf body(
      ByteBufAllocator allocator, int status, String sentence, String requestId) {
    String id = requestId.isEmpty() ? "" : "request id " + requestId + "\n";
    return ByteBufUtil.writeAscii(allocator, status + " " + sentence + "\n" + id);
  }
}
