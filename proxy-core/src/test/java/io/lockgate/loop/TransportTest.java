package io.lockgate.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TransportTest {

  @ParameterizedTest
  @EnumSource(names = {"EPOLL", "NIO"})
  void acceptedConnectionsSendAtOnceAndNoticePeersThatAreGone(Transport transport)
      throws IOException {
    CompletableFuture<Map<ChannelOption<?>, Object>> options = new CompletableFuture<>();
    try (ListeningChannel listening = listening(transport, options);
        Socket client = new Socket()) {
      client.connect(listening.address());
      assertThat(options.join())
          .containsEntry(ChannelOption.TCP_NODELAY, true)
          .containsEntry(ChannelOption.SO_KEEPALIVE, true);
    }
  }

  private static ListeningChannel listening(
      Transport transport, CompletableFuture<Map<ChannelOption<?>, Object>> options) {
    return ListeningChannel.of(
        transport,
        transport
            .keepAlive(new ServerBootstrap())
            .childHandler(
                new ChannelInboundHandlerAdapter() {
                  @Override
                  public void channelActive(ChannelHandlerContext context) {
                    options.complete(context.channel().config().getOptions());
                  }
                }));
  }
}
