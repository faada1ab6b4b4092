package io.lockgate.http;

import io.netty.buffer.ByteBuf;

/**
 * Writes heads. What is forwarded has been through the check, {@link HopByHop}, {@link
 * ForwardedFields} and {@link CompiledEdits}; framing, connection fields and {@code Via} are made
 * here, whatever the section holds.
 */
public final class HeadWriter {
  /** Receives the fields of a head, names in lower case. */
  public interface FieldVisitor {
    void field(byte[] bytes, int nameStart, int nameEnd, int valueStart, int valueEnd);
  }

  private HeadWriter() {}

  /**
   * Writes a request head for an HTTP/1.1 upstream. Content with {@link Framing#CHUNKED} or {@link
   * Framing#UNTIL_END} must follow in chunks.
   *
   * @param skipPath octets to leave out at the front of the path
   * @param close whether the connection is to end with this exchange
   */
  public static void request(ByteBuf out, RequestHead head, int skipPath, boolean close) {
    throw new UnsupportedOperationException();
  }

  /** Tells the fields of a request for an HTTP/2 upstream, pseudo-fields first. */
  public static void visitRequest(
      RequestHead head, int skipPath, boolean https, FieldVisitor visitor) {
    throw new UnsupportedOperationException();
  }

  /**
   * Writes a response head for an HTTP/1 client.
   *
   * @param request the method that is answered
   * @param client the client's version
   * @param close whether the connection ends with this exchange
   * @param date value of {@code Date} if the response has none
   */
  public static void response(
      ByteBuf out,
      ResponseHead head,
      Method request,
      HttpVersion client,
      boolean close,
      AsciiBytes date) {
    throw new UnsupportedOperationException();
  }

  /** Tells the fields of a response for an HTTP/2 client, {@code :status} first. */
  public static void visitResponse(
      ResponseHead head, Method request, AsciiBytes date, FieldVisitor visitor) {
    throw new UnsupportedOperationException();
  }

  /** Writes a whole interim response without fields, such as 100 (Continue). */
  public static void interim(ByteBuf out, int status) {
    throw new UnsupportedOperationException();
  }
}
