package io.lockgate.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.loop.ListeningChannel;
import io.lockgate.loop.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class OutputCloseTest {
  private static final int MORE_THAN_SOCKETS_TAKE = 20_000_000;

  @Test
  void afterWritesDropsNothingThatWaitsForTheSocket() throws IOException {
    ServerBootstrap speaking = new ServerBootstrap().childHandler(new SpeaksAndEndsItsHalf());
    try (ListeningChannel listening = ListeningChannel.of(Transport.EPOLL, speaking);
        Socket client = new Socket()) {
      client.connect(listening.address());
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
