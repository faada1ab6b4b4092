package io.lockgate.loop;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;

/** A channel that listens on loopback, with an event loop of its own. */
public final class ListeningChannel implements AutoCloseable {
  private final MultiThreadIoEventLoopGroup group;
  private final ServerBootstrap bootstrap;
  private final Channel channel;

  private ListeningChannel(Transport transport, IoHandlerFactory handlers, ServerBootstrap terms) {
    group = new MultiThreadIoEventLoopGroup(1, handlers);
    bootstrap = terms.group(group).channelFactory(transport.serverChannels());
    channel = alsoOn(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  /**
   * @param terms what connections are given; neither where to listen nor a loop
   */
  public static ListeningChannel of(Transport transport, ServerBootstrap terms) {
    return of(transport, transport.newIoHandlers(), terms);
  }

  /** The same on a loop that waits by {@code handlers}. */
  static ListeningChannel of(
      Transport transport, IoHandlerFactory handlers, ServerBootstrap terms) {
    return new ListeningChannel(transport, handlers, terms);
  }

  /** Another one on the same loop and terms; lives as long as this one. */
  Channel alsoOn(InetSocketAddress address) {
    return bootstrap.bind(address).syncUninterruptibly().channel();
  }

  Channel channel() {
    return channel;
  }

  public SocketAddress address() {
    return channel.localAddress();
  }

  MultiThreadIoEventLoopGroup group() {
    return group;
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
