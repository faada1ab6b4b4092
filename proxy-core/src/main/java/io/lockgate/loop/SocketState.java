package io.lockgate.loop;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;

/** What the system knows of a socket and a channel does not tell. On the channel's event loop. */
public final class SocketState {
  /** TCP_CLOSE of the kernel: the connection is no more, though its descriptor is still open. */
  private static final int CLOSED = 7;

  private SocketState() {}

  /**
   * Whether a connection is no more, as after a reset, though its channel is open. One system call
   * that does not wait.
   *
   * @return false where nobody can tell, as for Unix sockets and Java's own channels
   */
  public static boolean gone(Channel channel) {
    try {
      if (channel instanceof EpollSocketChannel tcp) {
        return tcp.isOpen() && tcp.tcpInfo().state() == CLOSED;
      }
      if (channel instanceof IoUringSocketChannel tcp) {
        return tcp.isOpen() && tcp.tcpInfo().state() == CLOSED;
      }
      return false;
    } catch (ChannelException e) {
      return false; // not open any more: its end is on its way
    }
  }
}
