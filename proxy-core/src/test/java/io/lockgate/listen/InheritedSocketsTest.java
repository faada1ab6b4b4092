package io.lockgate.listen;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.config.model.BindAddress;
import io.lockgate.config.model.ListenerConfig;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which listener gets which of the sockets that others have bound. */
class InheritedSocketsTest {
  private final List<ServerSocketChannel> opened = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (ServerSocketChannel each : opened) {
      each.close();
    }
  }

  private ServerChannel bound(String ip) throws IOException {
    ServerSocketChannel socket = ServerSocketChannel.open();
    opened.add(socket);
    return new NioServerSocketChannel(socket.bind(new InetSocketAddress(ip, 0)));
  }

  private static int port(ServerChannel socket) {
    return ((InetSocketAddress) socket.localAddress()).getPort();
  }

  private static InheritedSocket passed(ServerChannel socket, String name) {
    return new InheritedSocket(socket, new InheritedSocket.Passed(name));
  }

  private static ListenerConfig listener(String name, String ip, int port) {
    var address = new BindAddress(ip, port);
    return new ListenerConfig(
        name,
        address,
        false,
        List.of("http/1.1"),
        false,
        0,
        ListenerConfig.ProxyProtocolConfig.OFF);
  }

  @Test
  void aSocketOfTheServiceManagerGoesToTheListenerAtItsAddress() throws IOException {
    ServerChannel socket = bound("127.0.0.1");
    InheritedSockets sockets = new InheritedSockets(List.of(passed(socket, "lockgate.socket")));
    ListenerConfig elsewhere = listener("other", "127.0.0.1", port(socket) + 1);
    ListenerConfig there = listener("https", "127.0.0.1", port(socket));
    List<ListenerConfig> all = List.of(elsewhere, there);

    assertThat(sockets.take(elsewhere, all)).isEmpty();
    assertThat(sockets.take(there, all)).containsExactly(socket);
    assertThat(sockets.take(there, all)).as("given out once").isEmpty();
  }

  @Test
  void oneThatBearsTheNameOfAListenerIsItsOwnWhereverItIsBound() throws IOException {
    ServerChannel socket = bound("127.0.0.1");
    InheritedSockets sockets = new InheritedSockets(List.of(passed(socket, "https")));
    ListenerConfig atItsAddress = listener("other", "127.0.0.1", port(socket));
    ListenerConfig ofItsName = listener("https", "127.0.0.1", port(socket) + 1);
    List<ListenerConfig> all = List.of(atItsAddress, ofItsName);

    assertThat(sockets.take(atItsAddress, all)).isEmpty();
    assertThat(sockets.take(ofItsName, all)).containsExactly(socket);
  }

  @Test
  void oneThatIsOpenToAllOverIpv6IsTakenForIpv4() throws IOException {
    ServerChannel socket = bound("::");
    InheritedSockets sockets = new InheritedSockets(List.of(passed(socket, "")));
    ListenerConfig all = listener("https", "0.0.0.0", port(socket));
    ListenerConfig one = listener("one", "127.0.0.1", port(socket));

    assertThat(sockets.take(one, List.of(one, all))).isEmpty();
    assertThat(sockets.take(all, List.of(one, all))).containsExactly(socket);
  }

  @Test
  void severalAtOneAddressGoTogether() throws IOException {
    ServerChannel first = bound("127.0.0.1");
    ServerChannel second = bound("127.0.0.1");
    InheritedSockets sockets =
        new InheritedSockets(List.of(passed(first, "https"), passed(second, "https")));
    ListenerConfig https = listener("https", "127.0.0.1", port(first));

    assertThat(sockets.take(https, List.of(https))).containsExactly(first, second);
  }

  @Test
  void whatNoListenerTakesIsToldAndClosed() throws IOException {
    ServerChannel socket = bound("127.0.0.1");
    InheritedSockets sockets = new InheritedSockets(List.of(passed(socket, "x")));
    InetSocketAddress address = (InetSocketAddress) socket.localAddress();

    assertThat(sockets.unclaimed()).containsExactly(address);
    sockets.closeUnclaimed();
    assertThat(socket.isOpen()).isFalse();
    assertThat(sockets.unclaimed()).isEmpty();
  }
}
