package io.lockgate.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.Patience;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A connection whose other side has ended its half while nothing is read from it. */
class LastingEpollTest {
  private static final int MORE_THAN_SOCKETS_TAKE = 20_000_000;

  private final Recorder recorder = new Recorder();
  private final ListeningChannel listening =
      ListeningChannel.of(
          Transport.EPOLL,
          new ServerBootstrap()
              .childOption(ChannelOption.AUTO_READ, false)
              .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
              .childHandler(recorder));
  private final Socket client = new Socket();

  @BeforeEach
  void otherSideEndsItsHalf() throws IOException {
    client.connect(listening.address());
    client.shutdownOutput();
    Patience.until("the end is told", () -> recorder.inputEnded);
    onLoop(() -> {}); // What is done about the end itself is done by then.
  }

  @AfterEach
  void end() throws IOException {
    client.close();
    listening.close();
  }

  @Test
  void takesMoreThanItsSocketAtOnce() throws IOException {
    onLoop(
        () ->
            recorder
                .channel
                .writeAndFlush(Unpooled.wrappedBuffer(new byte[MORE_THAN_SOCKETS_TAKE]))
                .addListener(ChannelFutureListener.CLOSE));
    assertThat(client.getInputStream().transferTo(OutputStream.nullOutputStream()))
        .isEqualTo(MORE_THAN_SOCKETS_TAKE);
  }

  @Test
  void mayBeReadFromAgain() {
    onLoop(() -> recorder.channel.config().setAutoRead(true));
    onLoop(() -> {});
    assertThat(recorder.failure).isNull();
    assertThat(recorder.channel.isOpen()).isTrue();
  }

  private void onLoop(Runnable action) {
    recorder.channel.eventLoop().submit(action).syncUninterruptibly();
  }

  private static final class Recorder extends ChannelInboundHandlerAdapter {
    volatile Channel channel;
    volatile boolean inputEnded;
    volatile Throwable failure;

    @Override
    public void channelActive(ChannelHandlerContext context) {
      channel = context.channel();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      inputEnded |= event instanceof ChannelInputShutdownEvent;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      failure = cause;
    }
  }
}
