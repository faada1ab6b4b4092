package io.lockgate.app;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What systemd is told by its protocol of notifications (sd_notify): that the daemon serves,
 * reloads and stops, and, where the unit has a watchdog, that its event loops turn. Says nothing
 * where nobody asked, and never fails a daemon that serves: what cannot be sent is a warning.
 */
final class Supervisor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

  private final Optional<Line> line;
  private final long watchdogMicros;

  /**
   * That the service ends, or that another process is its main one, is said; on the line's thread.
   */
  private boolean over;

  /** A socket, and the one thread that writes to it. */
  private record Line(EventLoopGroup group, Channel channel) {}

  private Supervisor(Optional<Line> line, long watchdogMicros) {
    this.line = line;
    this.watchdogMicros = watchdogMicros;
  }

  static Supervisor of(Map<String, String> environment) {
    String socket = environment.getOrDefault("NOTIFY_SOCKET", "");
    return new Supervisor(
        socket.isEmpty() ? Optional.empty() : open(socket), watchdogMicros(environment));
  }

  private static Optional<Line> open(String socket) {
    if (!Epoll.isAvailable()) {
      LOG.warn("systemd is told nothing: this needs epoll, which is not available here");
      return Optional.empty();
    }
    EventLoopGroup group =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("lockgate-supervisor", true), EpollIoHandler.newFactory());
    // A name that begins with "@" is not in the file system: its first octet is zero.
    String path = socket.startsWith("@") ? '\0' + socket.substring(1) : socket;
    ChannelFuture connected =
        new Bootstrap()
            .group(group)
            .channel(EpollDomainDatagramChannel.class)
            .handler(new ChannelHandlerAdapter() {})
            .connect(new DomainSocketAddress(path))
            .awaitUninterruptibly();
    if (!connected.isSuccess()) {
      LOG.warn("cannot tell systemd at {}", socket, connected.cause());
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      return Optional.empty();
    }
    return Optional.of(new Line(group, connected.channel()));
  }

  /** 0 if no watchdog waits for this process. */
  private static long watchdogMicros(Map<String, String> environment) {
    String meant = environment.getOrDefault("WATCHDOG_PID", "");
    if (!meant.isEmpty() && !meant.equals(String.valueOf(ProcessHandle.current().pid()))) {
      return 0;
    }
    try {
      return Long.parseLong(environment.getOrDefault("WATCHDOG_USEC", "0"));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** Without effect after {@link #stopping} or {@link #mainProcess}: a late reload may end then. */
  void ready(String status) {
    tellUnlessOver("READY=1\nSTATUS=" + status);
  }

  /** Stands until {@link #ready}; without effect where that is. */
  void reloading() {
    // The clock that nanoTime reads on Linux is the one systemd means: CLOCK_MONOTONIC.
    tellUnlessOver("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / 1000);
  }

  /** Another process is the one to watch from now on; returns when this has been said. */
  void mainProcess(long pid) {
    line.ifPresent(
        to -> {
          to.group().execute(() -> over = true);
          to.channel()
              .writeAndFlush(Unpooled.copiedBuffer("MAINPID=" + pid, StandardCharsets.US_ASCII))
              .awaitUninterruptibly();
        });
  }

  void stopping(String status) {
    line.ifPresent(
        to ->
            to.group()
                .execute(
                    () -> {
                      over = true;
                      send(to, "STOPPING=1\nSTATUS=" + status);
                    }));
  }

  /** Feeds the watchdog, if there is one, twice in its time, as long as it holds. */
  void watchOver(BooleanSupplier alive) {
    if (line.isEmpty() || watchdogMicros <= 0) {
      return;
    }
    line.get()
        .group()
        .scheduleAtFixedRate(
            () -> {
              if (alive.getAsBoolean()) {
                tell("WATCHDOG=1");
              } else {
                LOG.warn("an event loop does not turn; the watchdog is not fed");
              }
            },
            0,
            watchdogMicros / 2,
            TimeUnit.MICROSECONDS);
  }

  private void tell(String state) {
    line.ifPresent(to -> to.group().execute(() -> send(to, state)));
  }

  private void tellUnlessOver(String state) {
    line.ifPresent(
        to ->
            to.group()
                .execute(
                    () -> {
                      if (!over) {
                        send(to, state);
                      }
                    }));
  }

  private static void send(Line to, String state) {
    to.channel()
        .writeAndFlush(Unpooled.copiedBuffer(state, StandardCharsets.UTF_8))
        .addListener(
            sent -> {
              if (!sent.isSuccess()) {
                LOG.warn("cannot tell systemd: {}", state, sent.cause());
              }
            });
  }

  /** Lets out what has been said. */
  @Override
  public void close() {
    line.ifPresent(
        open -> {
          open.channel().close().awaitUninterruptibly();
          open.group().shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        });
  }
}
