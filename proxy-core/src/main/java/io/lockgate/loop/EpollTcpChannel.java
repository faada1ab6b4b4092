package io.lockgate.loop;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.epoll.AbstractEpollStreamChannel;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.AlreadyConnectedException;

/**
 * A TCP connection over epoll that asks the system for nothing that is known already. Netty's own
 * asks each new socket for both of its addresses and the size of its buffer, and each that closes
 * whether it is to linger: a third of all system calls of a connection that is passed through.
 *
 * <p>Addresses are asked for when somebody wants to know them, and only as long as the socket is
 * open. Closing never waits, so lingering (SO_LINGER) may be set to 0 only.
 */
final class EpollTcpChannel extends AbstractEpollStreamChannel implements SocketChannel {
  private final EpollTcpChannelConfig config = new EpollTcpChannelConfig(this);

  /** Null where the system has to be asked. */
  private volatile InetSocketAddress local;

  private volatile InetSocketAddress remote;

  private EpollTcpChannel(LinuxSocket socket) {
    super(socket, false);
  }

  /**
   * One that was accepted, by a socket that has said what its connections inherit.
   *
   * @param to where it connected to, or null if that is to be asked for
   */
  static EpollTcpChannel accepted(int descriptor, InetSocketAddress from, InetSocketAddress to) {
    EpollTcpChannel channel = new EpollTcpChannel(LinuxSocket.newSocket(descriptor));
    channel.active = true;
    channel.remote = from;
    channel.local = to;
    return channel;
  }

  /**
   * One to be connected.
   *
   * @throws io.netty.channel.ChannelException if the system gives no socket
   */
  static EpollTcpChannel towards(InetSocketAddress destination) {
    // Without IPv6 the connection fails where all others do, and not the making of the channel.
    boolean old =
        destination.getAddress() instanceof Inet4Address || !LinuxSocket.isIPv6Preferred();
    EpollTcpChannel channel =
        new EpollTcpChannel(
            LinuxSocket.newSocketStream(
                old ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6));
    channel.config.setTcpNoDelay(true);
    return channel;
  }

  @Override
  public EpollTcpChannelConfig config() {
    return config;
  }

  /** None is kept, as nobody asks for it. */
  @Override
  public ServerSocketChannel parent() {
    return null;
  }

  /**
   * What the system knows of the connection now.
   *
   * @throws io.netty.channel.ChannelException if it is closed
   */
  TcpInfo tcpInfo() {
    return new TcpInfo(config.getOption(TcpInfo.OPTION));
  }

  @Override
  public InetSocketAddress localAddress() {
    return (InetSocketAddress) super.localAddress();
  }

  @Override
  public InetSocketAddress remoteAddress() {
    return (InetSocketAddress) super.remoteAddress();
  }

  @Override
  protected SocketAddress localAddress0() {
    if (local != null) {
      return local;
    }
    // The system may have given the number of a socket that is closed to another one.
    return socket.isOpen() ? socket.localAddress() : null;
  }

  @Override
  protected SocketAddress remoteAddress0() {
    return remote;
  }

  @Override
  public ChannelFuture connect(SocketAddress destination, ChannelPromise promise) {
    return super.connect(new Destination((InetSocketAddress) destination), promise);
  }

  @Override
  protected boolean doConnect(SocketAddress destination, SocketAddress from) throws Exception {
    if (remote != null) {
      throw new AlreadyConnectedException();
    }
    boolean begun = false;
    try {
      boolean connected = begin(Destination.in(destination), from);
      begun = true;
      return connected;
    } finally {
      if (!begun) {
        doClose();
      }
    }
  }

  private boolean begin(InetSocketAddress destination, SocketAddress from) throws IOException {
    if (from != null) {
      socket.bind(from);
    }
    boolean connected = socket.connect(destination);
    if (!connected) {
      setFlag(EpollIoOps.EPOLLOUT.value());
    }
    remote = destination;
    return connected;
  }

  /** Of another class than those of which Netty asks the system again once it is connected. */
  private static final class Destination extends SocketAddress {
    private static final long serialVersionUID = 1;

    private final InetSocketAddress address;

    Destination(InetSocketAddress address) {
      this.address = address;
    }

    static InetSocketAddress in(SocketAddress address) {
      return address instanceof Destination to ? to.address : (InetSocketAddress) address;
    }

    /** As messages of failures have it. */
    @Override
    public String toString() {
      return address.toString();
    }
  }
}
