package io.lockgate.loop;

import io.lockgate.config.model.RuntimeConfig;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringDomainSocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * How the kernel is asked for I/O. {@code auto} is epoll where it loads, since it measured as the
 * steadiest; io_uring is taken only when asked for.
 */
public enum Transport {
  EPOLL(
      LastingEpoll::newFactory,
      EpollTcpServerChannel::new,
      EpollTcpChannel::towards,
      EpollDatagramChannel::new,
      EpollDomainSocketChannel::new,
      DomainSocketAddress::new,
      UnixChannelOption.SO_REUSEPORT),
  IO_URING(
      IoUringIoHandler::newFactory,
      IoUringServerSocketChannel::new,
      to -> new IoUringSocketChannel(),
      IoUringDatagramChannel::new,
      IoUringDomainSocketChannel::new,
      DomainSocketAddress::new,
      UnixChannelOption.SO_REUSEPORT),
  NIO(
      NioIoHandler::newFactory,
      NioServerSocketChannel::new,
      to -> new NioSocketChannel(),
      NioDatagramChannel::new,
      NioDomainSocketChannel::new,
      UnixDomainSocketAddress::of,
      NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT));

  @SuppressWarnings("ImmutableEnumChecker") // factories without state
  private final Supplier<IoHandlerFactory> ioHandlers;

  @SuppressWarnings("ImmutableEnumChecker")
  private final ChannelFactory<ServerChannel> serverChannels;

  @SuppressWarnings("ImmutableEnumChecker")
  private final Function<InetSocketAddress, SocketChannel> socketChannels;

  @SuppressWarnings("ImmutableEnumChecker")
  private final ChannelFactory<DatagramChannel> datagramChannels;

  @SuppressWarnings("ImmutableEnumChecker")
  private final ChannelFactory<DuplexChannel> unixSocketChannels;

  @SuppressWarnings("ImmutableEnumChecker")
  private final Function<String, SocketAddress> unixSocketAddresses;

  @SuppressWarnings("ImmutableEnumChecker")
  private final ChannelOption<Boolean> reusePort;

  /** As a listening socket is asked for it; the numbers are Linux's. */
  private static final IntegerUnixChannelOption INHERITED_KEEP_ALIVE =
      new IntegerUnixChannelOption("INHERITED_SO_KEEPALIVE", 1, 9);

  Transport(
      Supplier<IoHandlerFactory> ioHandlers,
      ChannelFactory<ServerChannel> serverChannels,
      Function<InetSocketAddress, SocketChannel> socketChannels,
      ChannelFactory<DatagramChannel> datagramChannels,
      ChannelFactory<DuplexChannel> unixSocketChannels,
      Function<String, SocketAddress> unixSocketAddresses,
      ChannelOption<Boolean> reusePort) {
    this.ioHandlers = ioHandlers;
    this.serverChannels = serverChannels;
    this.socketChannels = socketChannels;
    this.datagramChannels = datagramChannels;
    this.unixSocketChannels = unixSocketChannels;
    this.unixSocketAddresses = unixSocketAddresses;
    this.reusePort = reusePort;
  }

  /**
   * The transport for a configuration.
   *
   * @throws IllegalStateException if the one asked for does not work on this machine, saying why
   */
  public static Transport of(RuntimeConfig.Transport wanted) {
    return switch (wanted) {
      case NIO -> NIO;
      case IO_URING ->
          require(IoUring.isAvailable(), IO_URING, "io_uring", IoUring.unavailabilityCause());
      case EPOLL -> require(Epoll.isAvailable(), EPOLL, "epoll", Epoll.unavailabilityCause());
      case AUTO -> Epoll.isAvailable() ? EPOLL : NIO;
    };
  }

  private static Transport require(
      boolean available, Transport transport, String name, Throwable cause) {
    if (!available) {
      throw new IllegalStateException(name + " is not available here", cause);
    }
    return transport;
  }

  /** For an event loop group of one's own. */
  public IoHandlerFactory newIoHandlers() {
    return ioHandlers.get();
  }

  public ChannelFactory<ServerChannel> serverChannels() {
    return serverChannels;
  }

  /**
   * A listening socket that exists already.
   *
   * @throws IllegalStateException if this way of asking the kernel cannot take sockets over
   */
  public ServerChannel adopt(int descriptor) {
    if (this != EPOLL) {
      throw new IllegalStateException(
          "sockets can be taken over with epoll only, and runtime.transport is "
              + name().toLowerCase(Locale.ROOT));
    }
    return new EpollTcpServerChannel(descriptor);
  }

  /**
   * A new socket for a TCP connection to an address.
   *
   * @throws io.netty.channel.ChannelException if the system gives none
   */
  public SocketChannel socketChannel(InetSocketAddress destination) {
    return socketChannels.apply(destination);
  }

  public ChannelFactory<DatagramChannel> datagramChannels() {
    return datagramChannels;
  }

  public ChannelFactory<DuplexChannel> unixSocketChannels() {
    return unixSocketChannels;
  }

  /** The address of the socket at a path, as these channels want it. */
  public SocketAddress unixSocketAddress(String path) {
    return unixSocketAddresses.apply(path);
  }

  /**
   * SO_KEEPALIVE for all connections to be accepted. Where the listening socket can be asked for
   * it, they inherit it, which spares a system call for each.
   */
  public ServerBootstrap keepAlive(ServerBootstrap bootstrap) {
    return this == EPOLL
        ? bootstrap.option(INHERITED_KEEP_ALIVE, 1)
        : bootstrap.childOption(ChannelOption.SO_KEEPALIVE, true);
  }

  /** SO_REUSEPORT: lets every loop have an acceptor of its own on the same address. */
  public ChannelOption<Boolean> reusePort() {
    return reusePort;
  }
}
