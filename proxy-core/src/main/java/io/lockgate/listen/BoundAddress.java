package io.lockgate.listen;

import io.lockgate.client.ClientConnection;
import io.lockgate.config.model.BindAddress;
import io.lockgate.loop.Loop;
import io.lockgate.loop.Loops;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * The sockets of one address: one per event loop, which accepts for itself (SO_REUSEPORT), so that
 * no connection ever moves between threads; or as many as were taken over. Survives reloads as long
 * as a listener has the address.
 */
final class BoundAddress {
  private static final int BACKLOG = 4096;

  private final BindAddress address;
  private final List<Channel> acceptors;
  private volatile String listener;

  private BoundAddress(BindAddress address, List<Channel> acceptors, String listener) {
    this.address = address;
    this.acceptors = acceptors;
    this.listener = listener;
  }

  /** What is done with a new connection, on its loop. */
  interface Entrance {
    void enter(SocketChannel channel, Loop loop, BoundAddress from);

    /** The system gave none, though one waits; asked again in a second, on the acceptor's loop. */
    void notAccepted(Throwable why, Loop loop, BoundAddress from);
  }

  /**
   * Binds without accepting yet. Blocks; not for event loops.
   *
   * @throws BindException naming the address, if anybody listens there already
   */
  static BoundAddress bind(String listener, BindAddress address, Loops loops, Entrance entrance)
      throws BindException {
    List<Channel> acceptors = new ArrayList<>();
    var bound = new BoundAddress(address, acceptors, listener);
    InetSocketAddress wanted = address.toSocketAddress();
    try {
      probe(wanted);
      for (Loop loop : loops.all()) {
        ChannelFuture future = bootstrap(loops, loop, bound, entrance).bind(wanted);
        future.awaitUninterruptibly();
        if (!future.isSuccess()) {
          throw new IOException(future.cause().getMessage(), future.cause());
        }
        acceptors.add(future.channel());
        // With port 0 the system chooses for the first loop, and the others follow it there.
        wanted = (InetSocketAddress) future.channel().localAddress();
      }
      return bound;
    } catch (IOException e) {
      bound.close();
      throw new BindException(listener, address, e);
    }
  }

  /**
   * Takes over sockets that are bound already, without accepting yet. Where there are fewer of them
   * than loops, their connections are spread over all loops: a socket that was bound by others
   * cannot get companions, since connections would wait in them before anybody is sure to serve.
   */
  static BoundAddress adopt(
      String listener,
      BindAddress address,
      List<ServerChannel> sockets,
      Loops loops,
      Entrance entrance)
      throws BindException {
    List<Channel> acceptors = new ArrayList<>();
    var bound = new BoundAddress(address, acceptors, listener);
    for (ServerChannel socket : sockets) {
      Loop loop = loops.all().get(acceptors.size() % loops.count());
      EventLoopGroup children =
          sockets.size() < loops.count() ? loops.everyLoop() : loop.executor();
      ChannelFuture future =
          entering(loop.executor(), children, loops, bound, entrance)
              .channelFactory(() -> socket)
              .register()
              .awaitUninterruptibly();
      if (!future.isSuccess()) {
        bound.close();
        throw new BindException(listener, address, new IOException(future.cause()));
      }
      acceptors.add(future.channel());
    }
    return bound;
  }

  /**
   * SO_REUSEPORT would let a second process of the same user share the port in silence; a plain
   * socket finds out that somebody is there.
   */
  private static void probe(InetSocketAddress wanted) throws IOException {
    if (wanted.getPort() != 0) {
      try (ServerSocket probe = new ServerSocket()) {
        probe.setReuseAddress(true);
        probe.bind(wanted);
      }
    }
  }

  private static ServerBootstrap bootstrap(
      Loops loops, Loop loop, BoundAddress bound, Entrance entrance) {
    return entering(loop.executor(), loop.executor(), loops, bound, entrance)
        .channelFactory(loops.transport().serverChannels())
        .option(ChannelOption.SO_REUSEADDR, true)
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .option(loops.transport().reusePort(), true);
  }

  /** What becomes of connections, wherever their socket came from. */
  private static ServerBootstrap entering(
      EventLoop acceptor,
      EventLoopGroup children,
      Loops loops,
      BoundAddress bound,
      Entrance entrance) {
    // Nothing is said of TCP_NODELAY: every socket that a transport makes has it.
    return loops
        .transport()
        .keepAlive(new ServerBootstrap())
        .group(acceptor, children)
        .option(ChannelOption.AUTO_READ, false)
        .handler(new AcceptFailures((why, on) -> entrance.notAccepted(why, loops.of(on), bound)))
        .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, ClientConnection.USUAL)
        // Less than 2 KiB would save nothing, and have a flight of a handshake read in two pieces.
        .childOption(
            ChannelOption.RECVBUF_ALLOCATOR, new AdaptiveRecvByteBufAllocator(2048, 2048, 65536))
        .childHandler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel channel) {
                entrance.enter(channel, loops.of(channel.eventLoop()), bound);
              }
            });
  }

  /** The sockets themselves, to be handed to the process that comes next. */
  List<Channel> sockets() {
    return List.copyOf(acceptors);
  }

  void accept() {
    acceptors.forEach(acceptor -> acceptor.config().setAutoRead(true));
  }

  BindAddress address() {
    return address;
  }

  /** With the port that the system chose, or where the service manager has bound it. */
  BindAddress localAddress() {
    InetSocketAddress local = (InetSocketAddress) acceptors.get(0).localAddress();
    InetAddress ip = local.getAddress();
    return new BindAddress(
        ip.isAnyLocalAddress() ? address.ip() : ip.getHostAddress(), local.getPort());
  }

  /** Name of the listener that has the address now. */
  String listener() {
    return listener;
  }

  void listener(String name) {
    listener = name;
  }

  /** Closes the sockets; connections that were accepted live on. */
  void close() {
    acceptors.forEach(acceptor -> acceptor.close().awaitUninterruptibly());
  }
}
