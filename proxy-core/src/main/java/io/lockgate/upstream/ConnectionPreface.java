package io.lockgate.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPromise;

/**
 * The first handler of a connection to a server that is told something before all else: has the
 * PROXY header sent before whatever is written first, and leaves. On the connection's event loop.
 */
final class ConnectionPreface extends ChannelDuplexHandler {
  static final byte[] NO_HEADER = {};

  private final byte[] header;

  ConnectionPreface(byte[] header) {
    this.header = header;
  }

  /** Both handlers, for a channel that is yet to be connected. */
  static ChannelHandler before(byte[] header, ChannelHandler handler) {
    return new ChannelInitializer<Channel>() {
      @Override
      protected void initChannel(Channel fresh) {
        fresh.pipeline().addLast(new ConnectionPreface(header), handler);
      }
    };
  }

  /** Whoever waited for the connection writes before it is told to be active, or long after. */
  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    send(context);
    context.write(message, promise);
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    send(context);
    context.fireChannelActive();
    context.flush();
  }

  private void send(ChannelHandlerContext context) {
    if (!context.isRemoved()) {
      ByteBuf bytes = Unpooled.wrappedBuffer(header);
      context.write(bytes, context.voidPromise());
      context.pipeline().remove(this);
    }
  }
}
