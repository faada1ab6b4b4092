package io.lockgate.loop;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.epoll.AbstractEpollServerChannel;
import io.netty.channel.epoll.EpollChannelConfig;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.NativeInetAddress;
import io.netty.channel.unix.UnixChannelOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * A listening TCP socket over epoll, whose connections are {@link EpollTcpChannel}s. They inherit
 * TCP_NODELAY from it, as all that the socket was asked for before they came.
 */
final class EpollTcpServerChannel extends AbstractEpollServerChannel {
  private final Config config;

  /**
   * Where every client connected to, so that none of the sockets has to be asked. Null where that
   * is one of several addresses, and where others bound the socket, who may have made it one for
   * all addresses there are (IP_TRANSPARENT).
   */
  private InetSocketAddress onlyAddress;

  /** Connections may have come before anybody said what they inherit. */
  private final boolean adopted;

  /** One to be bound. */
  EpollTcpServerChannel() {
    super(LinuxSocket.newSocketStream(), false);
    adopted = false;
    config = new Config(this);
  }

  /** One that is bound and listens already. */
  EpollTcpServerChannel(int descriptor) {
    super(LinuxSocket.newSocket(descriptor));
    adopted = true;
    config = new Config(this);
  }

  @Override
  public EpollChannelConfig config() {
    return config;
  }

  @Override
  public InetSocketAddress localAddress() {
    return (InetSocketAddress) super.localAddress();
  }

  @Override
  protected void doBind(SocketAddress local) throws Exception {
    super.doBind(local);
    InetSocketAddress bound = (InetSocketAddress) localAddress0();
    onlyAddress = bound.getAddress().isAnyLocalAddress() ? null : bound;
    socket.listen(config.backlog);
    active = true;
    registration().submit(EpollIoOps.EPOLLERR);
  }

  @Override
  protected Channel newChildChannel(int descriptor, byte[] remote, int offset, int length) {
    EpollTcpChannel child =
        EpollTcpChannel.accepted(
            descriptor, NativeInetAddress.address(remote, offset, length), onlyAddress);
    if (adopted) {
      child.config().setTcpNoDelay(true);
    }
    return child;
  }

  private static final class Config extends EpollChannelConfig {
    private volatile int backlog = 128;

    Config(EpollTcpServerChannel channel) {
      super(channel, new ServerChannelRecvByteBufAllocator());
      try {
        socket().setTcpNoDelay(true);
      } catch (IOException e) {
        throw new ChannelException(e);
      }
    }

    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
      validate(option, value);
      try {
        if (ChannelOption.SO_BACKLOG.equals(option)) {
          backlog = (Integer) value;
        } else if (ChannelOption.SO_REUSEADDR.equals(option)) {
          socket().setReuseAddress((Boolean) value);
        } else if (UnixChannelOption.SO_REUSEPORT.equals(option)) {
          socket().setReusePort((Boolean) value);
        } else {
          return super.setOption(option, value);
        }
        return true;
      } catch (IOException e) {
        throw new ChannelException(e);
      }
    }
  }
}
