package io.lockgate.listen;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.util.function.BiConsumer;

/**
 * Stands in the pipeline of a listening socket and tells of connections that the system would not
 * give, as it does while descriptors are exhausted. Passes the failure on: Netty's acceptor, which
 * comes next, leaves the socket alone for a second then, so that nothing spins. On the acceptor's
 * loop.
 */
final class AcceptFailures extends ChannelInboundHandlerAdapter {
  private final BiConsumer<Throwable, EventLoop> told;

  AcceptFailures(BiConsumer<Throwable, EventLoop> told) {
    this.told = told;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable why) {
    told.accept(why, context.channel().eventLoop());
    context.fireExceptionCaught(why);
  }
}
