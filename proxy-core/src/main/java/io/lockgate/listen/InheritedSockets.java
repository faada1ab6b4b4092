package io.lockgate.listen;

import io.lockgate.config.model.ListenerConfig;
import io.netty.channel.ServerChannel;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Sockets that are taken over instead of bound. A socket is given out once; what is left over when
 * the first generation serves fits no listener. Used by one thread at a time.
 */
public final class InheritedSockets {
  private final List<InheritedSocket> left;

  public InheritedSockets(List<InheritedSocket> sockets) {
    this.left = new ArrayList<>(sockets);
  }

  /** None: every address is bound. */
  public static InheritedSockets none() {
    return new InheritedSockets(List.of());
  }

  /** Every socket of a listener's address, for whoever asks first. */
  List<ServerChannel> take(ListenerConfig listener) {
    List<ServerChannel> taken = new ArrayList<>();
    for (Iterator<InheritedSocket> each = left.iterator(); each.hasNext(); ) {
      InheritedSocket socket = each.next();
      if (fits(socket, listener)) {
        each.remove();
        taken.add(socket.channel());
      }
    }
    return taken;
  }

  /** Ports that the system chose are told apart by the listener, all others by the address. */
  private static boolean fits(InheritedSocket socket, ListenerConfig listener) {
    boolean anyPort = listener.address().port() == 0;
    if (socket.configured().isPresent()) {
      InheritedSocket.Configured before = socket.configured().get();
      return before.address().equals(listener.address())
          && (!anyPort || before.listener().equals(listener.name()));
    }
    return !anyPort && listener.address().toSocketAddress().equals(socket.channel().localAddress());
  }

  /** What no listener has asked for. */
  public List<InetSocketAddress> unclaimed() {
    return left.stream().map(s -> (InetSocketAddress) s.channel().localAddress()).toList();
  }

  /** Closes this process's hold on what no listener has asked for. */
  public void closeUnclaimed() {
    left.forEach(socket -> socket.channel().unsafe().closeForcibly());
    left.clear();
  }
}
