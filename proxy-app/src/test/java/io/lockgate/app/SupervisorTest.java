package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a socket of a service manager's kind. */
class SupervisorTest {
  private static final int PATIENCE_SECONDS = 20;

  @TempDir private Path directory;
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private Channel manager;
  private Supervisor supervisor;

  @BeforeEach
  void listen() {
    Path socket = directory.resolve("notify");
    manager =
        new Bootstrap()
            .group(group)
            .channel(EpollDomainDatagramChannel.class)
            .handler(new Told())
            .bind(new DomainSocketAddress(socket.toFile()))
            .syncUninterruptibly()
            .channel();
    supervisor = Supervisor.of(Map.of("NOTIFY_SOCKET", socket.toString()));
  }

  @AfterEach
  void close() {
    supervisor.close();
    manager.close().syncUninterruptibly();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private String next() throws InterruptedException {
    return told.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void tellsOfAReload() throws InterruptedException {
    supervisor.reloading();
    supervisor.ready("generation 2 serves");
    assertThat(next()).startsWith("RELOADING=1\nMONOTONIC_USEC=");
    assertThat(next()).isEqualTo("READY=1\nSTATUS=generation 2 serves");
  }

  @Test
  void saysNothingOfAReloadThatEndsWhileTheServiceStops() throws InterruptedException {
    supervisor.stopping("draining");
    supervisor.ready("generation 2 serves");
    supervisor.close();
    assertThat(next()).isEqualTo("STOPPING=1\nSTATUS=draining");
    assertThatNothingFollows();
  }

  @Test
  void saysNothingOfAReloadOnceAnotherProcessIsTheOneToWatch() throws InterruptedException {
    supervisor.mainProcess(17);
    supervisor.reloading();
    supervisor.ready("generation 2 serves");
    supervisor.close();
    assertThat(next()).isEqualTo("MAINPID=17");
    assertThatNothingFollows();
  }

  /** All that was sent has arrived in the order it was sent in; so a last word is the next. */
  private void assertThatNothingFollows() throws InterruptedException {
    try (Supervisor last =
        Supervisor.of(Map.of("NOTIFY_SOCKET", directory.resolve("notify").toString()))) {
      last.ready("last");
      assertThat(next()).isEqualTo("READY=1\nSTATUS=last");
    }
  }

  private final class Told extends SimpleChannelInboundHandler<DomainDatagramPacket> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, DomainDatagramPacket packet) {
      told.add(packet.content().toString(StandardCharsets.UTF_8));
    }
  }
}
