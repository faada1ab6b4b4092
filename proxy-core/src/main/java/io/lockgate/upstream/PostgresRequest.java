package io.lockgate.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Asks a PostgreSQL server for TLS in clear (SSLRequest) and takes its answer, one octet, out of
 * the way. What is behind it hears of the connection only then, and nothing that the server sent
 * before TLS (CVE-2021-23222). On the connection's event loop.
 */
final class PostgresRequest extends ChannelInboundHandlerAdapter {
  private static final byte[] SSL_REQUEST = {0, 0, 0, 8, 4, (byte) 0xd2, 0x16, 0x2f};

  private final Outcome outcome;
  private boolean over;

  PostgresRequest(Outcome outcome) {
    this.outcome = outcome;
  }

  /** Hears once what the server answered, unless the connection ends first. */
  interface Outcome {
    void granted();

    void declined(String reason);
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    context.writeAndFlush(Unpooled.wrappedBuffer(SSL_REQUEST), context.voidPromise());
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    try {
      if (!over) {
        answered(context, bytes);
      }
    } finally {
      bytes.release();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close(); // told by whoever watches for the close
  }

  private void answered(ChannelHandlerContext context, ByteBuf bytes) {
    over = true;
    if (bytes.readableBytes() == 1 && bytes.getByte(bytes.readerIndex()) == 'S') {
      context.fireChannelActive();
      context.pipeline().remove(this);
      outcome.granted();
    } else {
      outcome.declined(
          bytes.getByte(bytes.readerIndex()) == 'N'
              ? "the server answers an SSLRequest with no"
              : "the server does not answer an SSLRequest as PostgreSQL does");
    }
  }
}
