package io.lockgate.listen;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;

/**
 * The first handler where PostgreSQL is spoken: grants the SSLRequest that its clients send in
 * clear and declines encryption by GSSAPI; then, or where the client begins with TLS at once, it
 * makes way (PostgreSQL documentation, sections 55.2.9 to 55.2.11). Never serves a client that goes
 * on in clear, and never takes what came before TLS for a part of it (CVE-2021-23214). Its time is
 * bounded by the deadline of the handshake, since it stands before {@link HelloHandler}. On the
 * event loop.
 */
final class PostgresPreamble extends ChannelInboundHandlerAdapter {
  private static final int LENGTH = 8;
  private static final int SSL_REQUEST = 80_877_103;
  private static final int GSSENC_REQUEST = 80_877_104;
  private static final int CANCEL_REQUEST = 80_877_102;

  /** Of the client that asks for GSSAPI first; more than one of each is no client. */
  private static final int MOST_REQUESTS = 2;

  private final Runnable granted;

  /** Owned here; null while there is none. */
  private ByteBuf received;

  private int requests;
  private boolean over;

  /**
   * @param granted told before the first octet of TLS is passed on, if the client asked for it
   */
  PostgresPreamble(Runnable granted) {
    this.granted = granted;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    if (over || !bytes.isReadable()) {
      bytes.release();
      return;
    }
    received =
        received == null
            ? bytes
            : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(context.alloc(), received, bytes);
    if (received.getByte(received.readerIndex()) != 0) {
      makeWay(context); // no length of a message in clear, so TLS or nothing we know
    } else if (received.readableBytes() >= LENGTH) {
      request(context);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (!over && !context.channel().config().isAutoRead()) {
      context.read();
    }
    context.fireChannelReadComplete();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    over = true;
    drop();
  }

  private void request(ChannelHandlerContext context) {
    int length = received.getInt(received.readerIndex());
    int code = received.getInt(received.readerIndex() + 4);
    boolean whole = length == LENGTH && received.readableBytes() == LENGTH;
    if (code == CANCEL_REQUEST) {
      over = true;
      drop();
      context.close(); // it names no host, and an answer is not foreseen
    } else if (whole && code == SSL_REQUEST && requests < MOST_REQUESTS) {
      drop();
      context.writeAndFlush(octet('S'), context.voidPromise());
      granted.run();
      context.pipeline().remove(this);
    } else if (whole && code == GSSENC_REQUEST && requests == 0) {
      requests++;
      drop();
      context.writeAndFlush(octet('N'), context.voidPromise());
    } else {
      refuse(context, length == LENGTH);
    }
  }

  /**
   * @param request whether the client began as one that asks for encryption
   */
  private void refuse(ChannelHandlerContext context, boolean request) {
    over = true;
    drop();
    context
        .writeAndFlush(
            request
                ? error("08P01", "octets in clear follow a request for encryption")
                : error("28000", "this server is reached by TLS only; set sslmode=require"))
        .addListener(ChannelFutureListener.CLOSE);
  }

  private void makeWay(ChannelHandlerContext context) {
    ByteBuf bytes = received;
    received = null;
    context.pipeline().remove(this);
    // This context is out of the pipeline; what it fires goes to the handler behind it.
    context.fireChannelRead(bytes);
  }

  private void drop() {
    if (received != null) {
      received.release();
      received = null;
    }
  }

  private static ByteBuf octet(char value) {
    return Unpooled.wrappedBuffer(new byte[] {(byte) value});
  }

  /** An ErrorResponse: severity in both forms, SQLSTATE, message. */
  private static ByteBuf error(String sqlState, String message) {
    byte[] fields =
        ("SFATAL\0VFATAL\0C" + sqlState + "\0M" + message + "\0\0")
            .getBytes(StandardCharsets.US_ASCII);
    ByteBuf out = Unpooled.buffer(5 + fields.length);
    return out.writeByte('E').writeInt(4 + fields.length).writeBytes(fields);
  }
}
