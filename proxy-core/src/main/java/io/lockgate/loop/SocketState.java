package io.lockgate.loop;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.channel.uring.IoUringTcpInfo;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What the system knows of a socket and a channel does not tell. On the channel's event loop. */
public final class SocketState {
  /** TCP_CLOSE of the kernel: the connection is no more, though its descriptor is still open. */
  private static final int CLOSED = 7;

  private static final long MOMENT_MILLIS = 2_000;

  private SocketState() {}

  /**
   * Whether a connection is no more, as after a reset, though its channel is open. One system call
   * that does not wait.
   *
   * @return false where nobody can tell, as for Unix sockets and Java's own channels
   */
  public static boolean gone(Channel channel) {
    try {
      if (channel instanceof EpollTcpChannel tcp) {
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

  /**
   * How much longer the other side is to be waited for, that has not got all yet: it reads as long
   * as the system can go on sending, though it may read less than what would be noticed here, where
   * a socket has room again only after a third of its megabytes has left.
   *
   * @param patience since the system could send something last
   * @return nanoseconds; 0 where it has got everything, or nothing for so long, and where nobody
   *     can tell
   */
  public static long nanosLeft(Channel channel, Duration patience) {
    try {
      if (channel instanceof EpollTcpChannel tcp && tcp.isOpen()) {
        TcpInfo info = tcp.tcpInfo();
        return left(channel, info.unacked(), info.probes(), info.lastDataSent(), patience);
      }
      if (channel instanceof IoUringSocketChannel tcp && tcp.isOpen()) {
        IoUringTcpInfo info = tcp.tcpInfo();
        return left(channel, info.unacked(), info.probes(), info.lastDataSent(), patience);
      }
      return 0;
    } catch (ChannelException e) {
      return 0;
    }
  }

  /**
   * Between two windows of the other side nothing is on its way, though there is more to be sent,
   * which the system does not tell: so what was sent a moment ago is taken for not the last.
   */
  private static long left(
      Channel channel, long unacked, int probes, long quietMillis, Duration patience) {
    ChannelOutboundBuffer pending = channel.unsafe().outboundBuffer();
    boolean owed = unacked > 0 || probes > 0 || (pending != null && !pending.isEmpty());
    long millis = owed ? Math.max(patience.toMillis(), MOMENT_MILLIS) : MOMENT_MILLIS;
    return TimeUnit.MILLISECONDS.toNanos(Math.max(0, millis - quietMillis));
  }
}
