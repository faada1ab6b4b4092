package io.lockgate.proxy;

import io.lockgate.listen.InheritedSocket;
import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import io.netty.channel.unix.UnixChannel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * What a process that starts takes over from the one that serves, so that clients notice nothing:
 * its sockets, what its session tickets are made with, and its OCSP responses. Of what it was told
 * to serve it takes nothing: that stands in its configuration. From a service manager come sockets
 * alone.
 *
 * @param sockets descriptors of this process
 * @param ticketSecrets as {@code TicketSource.handOver} gave them; erased once they were read
 * @param staples OCSP responses by the digest of their identity
 */
public record Inheritance(
    List<Socket> sockets, Optional<byte[]> ticketSecrets, Map<String, byte[]> staples) {
  /** Nobody served before. */
  public static final Inheritance NONE = new Inheritance(List.of(), Optional.empty(), Map.of());

  public Inheritance {
    sockets = List.copyOf(sockets);
    staples = Map.copyOf(staples);
  }

  /** A listening socket. */
  public record Socket(int descriptor, InheritedSocket.Origin origin) {
    static Socket of(Channel channel, InheritedSocket.Origin origin) {
      if (channel instanceof UnixChannel unix) {
        return new Socket(unix.fd().intValue(), origin);
      }
      throw new IllegalStateException("sockets of runtime.transport = nio cannot be handed over");
    }

    InheritedSocket adopt(IntFunction<ServerChannel> channels) {
      return new InheritedSocket(channels.apply(descriptor), origin);
    }
  }
}
