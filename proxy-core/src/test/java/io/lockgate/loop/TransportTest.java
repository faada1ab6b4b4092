package io.lockgate.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TransportTest {

  @ParameterizedTest
  @EnumSource(names = {"EPOLL", "NIO"})
  void acceptedConnectionsSendAtOnceAndNoticePeersThatAreGone(Transport transport)
      throws IOException {
    var group = new MultiThreadIoEventLoopGroup(1, transport.newIoHandlers());
    CompletableFuture<Map<ChannelOption<?>, Object>> options = new CompletableFuture<>();
    try (Socket client = new Socket()) {
      client.connect(listening(transport, group, options).localAddress());
      assertThat(options.join())
          .containsEntry(ChannelOption.TCP_NODELAY, true)
          .containsEntry(ChannelOption.SO_KEEPALIVE, true);
    } finally {
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
  }

  private static Channel listening(
      Transport transport,
      MultiThreadIoEventLoopGroup group,
      CompletableFuture<Map<ChannelOption<?>, Object>> options) {
    return transport
        .keepAlive(new ServerBootstrap())
        .group(group)
        .channelFactory(transport.serverChannels())
        .childHandler(
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelActive(ChannelHandlerContext context) {
                options.complete(context.channel().config().getOptions());
              }
            })
        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .syncUninterruptibly()
        .channel();
  }
}
