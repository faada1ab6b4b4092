package io.lockgate.loop;

import io.netty.channel.unix.RawUnixChannelOption;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Linux's {@code struct tcp_info}, of which only what somebody asks for is read. */
final class TcpInfo {
  /** IPPROTO_TCP and TCP_INFO; the system fills no more than fits. */
  static final RawUnixChannelOption OPTION = new RawUnixChannelOption("TCP_INFO", 6, 11, 48);

  private final ByteBuffer octets;

  TcpInfo(ByteBuffer octets) {
    this.octets = octets.order(ByteOrder.nativeOrder());
  }

  int state() {
    return octets.get(0);
  }

  int probes() {
    return octets.get(3);
  }

  /** Segments that were sent and not acknowledged. */
  long unacked() {
    return Integer.toUnsignedLong(octets.getInt(24));
  }

  /** Milliseconds since data was sent. */
  long lastDataSent() {
    return Integer.toUnsignedLong(octets.getInt(44));
  }
}
