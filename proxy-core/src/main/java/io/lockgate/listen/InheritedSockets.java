package io.lockgate.listen;

import io.lockgate.config.model.BindAddress;
import io.lockgate.config.model.ListenerConfig;
import io.netty.channel.ServerChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

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

  /**
   * Every socket of a listener, for whoever asks first.
   *
   * @param wanted all listeners, {@code listener} among them
   */
  List<ServerChannel> take(ListenerConfig listener, List<ListenerConfig> wanted) {
    List<Predicate<InheritedSocket>> rules =
        List.of(
            socket -> isKnownFor(socket, listener),
            socket -> isNamedAfter(socket, listener),
            socket -> isNamedAfterNone(socket, wanted) && isBoundTo(socket, listener.address()),
            socket -> isNamedAfterNone(socket, wanted) && isOpenToAll(socket, listener.address()));
    return rules.stream()
        .map(this::take)
        .filter(taken -> !taken.isEmpty())
        .findFirst()
        .orElse(List.of());
  }

  private List<ServerChannel> take(Predicate<InheritedSocket> rule) {
    List<ServerChannel> taken = left.stream().filter(rule).map(InheritedSocket::channel).toList();
    left.removeIf(rule);
    return taken;
  }

  /** Ports that the system chose are told apart by the listener, all others by the address. */
  private static boolean isKnownFor(InheritedSocket socket, ListenerConfig listener) {
    return socket.origin() instanceof InheritedSocket.Configured before
        && before.address().equals(listener.address())
        && (listener.address().port() != 0 || before.listener().equals(listener.name()));
  }

  /** Then the service manager decides where the listener is to be found. */
  private static boolean isNamedAfter(InheritedSocket socket, ListenerConfig listener) {
    return socket.origin() instanceof InheritedSocket.Passed passed
        && passed.name().equals(listener.name());
  }

  private static boolean isNamedAfterNone(InheritedSocket socket, List<ListenerConfig> wanted) {
    return socket.origin() instanceof InheritedSocket.Passed
        && wanted.stream().noneMatch(listener -> isNamedAfter(socket, listener));
  }

  private static boolean isBoundTo(InheritedSocket socket, BindAddress address) {
    return address.toSocketAddress().equals(socket.channel().localAddress());
  }

  /** Where only a port is asked for, service managers bind it for IPv6 and IPv4 at once. */
  private static boolean isOpenToAll(InheritedSocket socket, BindAddress address) {
    return socket.channel().localAddress() instanceof InetSocketAddress local
        && local.getPort() == address.port()
        && local.getAddress().isAnyLocalAddress()
        && address.toSocketAddress().getAddress().isAnyLocalAddress();
  }

  /** What no listener has asked for. */
  public List<SocketAddress> unclaimed() {
    return left.stream().map(socket -> socket.channel().localAddress()).toList();
  }

  /** Closes this process's hold on what no listener has asked for. */
  public void closeUnclaimed() {
    left.forEach(socket -> socket.channel().unsafe().closeForcibly());
    left.clear();
  }
}
