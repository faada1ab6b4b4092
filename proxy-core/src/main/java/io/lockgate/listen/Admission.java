package io.lockgate.listen;

import io.lockgate.config.model.LimitsConfig;
import io.lockgate.config.model.ListenerConfig;
import io.lockgate.limit.ConnectionCount;
import io.lockgate.limit.MemoryPressure;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import java.net.InetAddress;
import java.util.function.LongSupplier;

/**
 * Decides which connections come in, before anything is done for them, and tells of those that do
 * not. On the connection's event loop.
 */
final class Admission {
  private static final String MEMORY = "memory";
  private static final String UNTRUSTED = "proxy_protocol_untrusted";

  private final ConnectionCount count;
  private final MemoryPressure memory;
  private final RefusalLog log;

  Admission(ConnectionCount count, MemoryPressure memory, LongSupplier nanoClock) {
    this.count = count;
    this.memory = memory;
    this.log = new RefusalLog(nanoClock);
  }

  /** Whether the connection may stay for now; it is closed if not. */
  boolean admits(
      SocketChannel channel,
      InetAddress peer,
      ListenerConfig listener,
      LimitsConfig limits,
      ConnectionListener events) {
    String name = listener.name();
    if (memory.refusesConnections()) {
      refuse(channel, peer, name, MEMORY, "", events);
      return false;
    }
    if (listener.proxyProtocol().accept()
        && listener.proxyProtocol().trusted().stream().noneMatch(block -> block.contains(peer))) {
      refuse(channel, peer, name, UNTRUSTED, "", events);
      return false;
    }
    ConnectionCount.Verdict verdict =
        count.admit(name, limits.maxConnections(), listener.maxConnections());
    if (verdict != ConnectionCount.Verdict.ADMITTED) {
      refuse(channel, peer, name, verdict.label(), "", events);
      return false;
    }
    events.opened(name);
    channel
        .closeFuture()
        .addListener(
            closed -> {
              count.release(name);
              events.closed(name);
            });
    return true;
  }

  /** Whether it may stay now that its client is known; it is closed if not. */
  boolean admitsClient(
      SocketChannel channel,
      InetAddress client,
      ListenerConfig listener,
      LimitsConfig limits,
      ConnectionListener events) {
    ConnectionCount.Verdict verdict = count.admitClient(client, limits.maxConnectionsPerClient());
    if (verdict != ConnectionCount.Verdict.ADMITTED) {
      refuse(channel, client, listener.name(), verdict.label(), "", events);
      return false;
    }
    channel.closeFuture().addListener(closed -> count.releaseClient(client));
    return true;
  }

  /**
   * Closes a connection for which nothing is done.
   *
   * @param reason metric label
   */
  void refuse(
      SocketChannel channel,
      InetAddress client,
      String listener,
      String reason,
      String detail,
      ConnectionListener events) {
    events.refused(listener, reason);
    log.refused(listener, reason, client.getHostAddress(), detail);
    // A reset leaves nothing behind, where an orderly close would leave a TIME_WAIT for each.
    channel.config().setOption(ChannelOption.SO_LINGER, 0);
    channel.close();
  }
}
