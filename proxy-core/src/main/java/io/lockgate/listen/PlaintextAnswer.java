package io.lockgate.listen;

import io.lockgate.tls.HandshakeFailure;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a client is told in clear, before or instead of any engine. */
final class PlaintextAnswer {
  private static final List<String> METHODS =
      List.of(
          "GET ",
          "HEAD ",
          "POST ",
          "PUT ",
          "DELETE ",
          "OPTIONS ",
          "PATCH ",
          "CONNECT ",
          "TRACE ",
          "PRI ");

  private static final String BODY = "This port speaks HTTPS; the request came without TLS.\n";

  private static final byte[] BAD_REQUEST =
      ("HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: "
              + BODY.length()
              + "\r\nConnection: close\r\n\r\n"
              + BODY)
          .getBytes(StandardCharsets.US_ASCII);

  private PlaintextAnswer() {}

  /** Whether the bytes are, or begin as, a request in HTTP/1 or the preface of HTTP/2. */
  static boolean speaksHttp(ByteBuf received) {
    for (String method : METHODS) {
      int compared = Math.min(method.length(), received.readableBytes());
      int same = 0;
      while (same < compared
          && received.getByte(received.readerIndex() + same) == method.charAt(same)) {
        same++;
      }
      if (same == compared && compared > 0) {
        return true;
      }
    }
    return false;
  }

  static ByteBuf badRequest() {
    return Unpooled.wrappedBuffer(BAD_REQUEST);
  }

  /** A fatal alert in a record of its own (RFC 8446 section 6); empty where none is due. */
  static ByteBuf alert(HandshakeFailure failure) {
    return failure.alert() == HandshakeFailure.NO_ALERT
        ? Unpooled.EMPTY_BUFFER
        : Unpooled.wrappedBuffer(new byte[] {21, 3, 3, 0, 2, 2, (byte) failure.alert()});
  }

  static void writeAndClose(ChannelHandlerContext context, ByteBuf answer) {
    context.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
  }
}
