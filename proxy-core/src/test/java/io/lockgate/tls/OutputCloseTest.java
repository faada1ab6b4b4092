package io.lockgate.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.loop.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutputCloseTest {
  private static final int MORE_THAN_SOCKETS_TAKE = 20_000_000;

  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, Transport.EPOLL.newIoHandlers());

  @AfterEach
  void end() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @Test
  void afterWritesDropsNothingThatWaitsForTheSocket() throws IOException {
    Channel listening =
        new ServerBootstrap()
            .group(group)
            .channelFactory(Transport.EPOLL.serverChannels())
            .childHandler(new SpeaksAndEndsItsHalf())
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .syncUninterruptibly()
            .channel();
    try (Socket client = new Socket()) {
      client.connect(listening.localAddress());
      assertThat(client.getInputStream().transferTo(OutputStream.nullOutputStream()))
          .isEqualTo(MORE_THAN_SOCKETS_TAKE);
    }
  }

  private static final class SpeaksAndEndsItsHalf extends ChannelInboundHandlerAdapter {
    @Override
    public void channelActive(ChannelHandlerContext context) {
      context.write(Unpooled.wrappedBuffer(new byte[MORE_THAN_SOCKETS_TAKE]));
      OutputClose.afterWrites(context);
    }
  }
}
