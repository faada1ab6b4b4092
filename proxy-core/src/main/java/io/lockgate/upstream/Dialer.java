package io.lockgate.upstream;

import io.lockgate.loop.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * Opens sockets to servers, on TCP or on Unix sockets, for one event loop. Addresses are known by
 * then; no name is looked up here.
 */
final class Dialer {
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(64 * 1024, 256 * 1024);

  private final Transport transport;
  private final Bootstrap tcp;
  private final Bootstrap unix;

  Dialer(EventLoop loop, Transport transport, Duration connectTimeout) {
    this.transport = transport;
    Bootstrap common =
        new Bootstrap()
            .group(loop)
            .disableResolver()
            .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            // A failed write must not throw away an answer that has already arrived.
            .option(ChannelOption.AUTO_CLOSE, false)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) connectTimeout.toMillis());
    this.unix = common.clone().channelFactory(transport.unixSocketChannels());
    this.tcp = common.option(ChannelOption.SO_KEEPALIVE, true);
  }

  ChannelFuture dial(UpstreamServer server, ChannelHandler handler) {
    Bootstrap bootstrap =
        server.socketAddress() instanceof InetSocketAddress ip
            ? tcp.clone().channelFactory(() -> transport.socketChannel(ip))
            : unix.clone();
    return bootstrap.handler(handler).connect(server.socketAddress());
  }
}
