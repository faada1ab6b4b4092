package io.lockgate.upstream;

import io.lockgate.testkit.Patience;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An address that neither accepts nor refuses, as one does whose packets are lost on the way: a
 * listening socket whose queue is full, so that the system drops whatever asks for a connection.
 */
final class DeafAddress implements AutoCloseable {
  private static final int MORE_THAN_THE_QUEUE_HOLDS = 8;

  private final ServerSocket listening;
  private final List<SocketChannel> queued = new ArrayList<>();

  private DeafAddress(ServerSocket listening) {
    this.listening = listening;
  }

  /** Empty where the machine does not have the address. */
  static Optional<DeafAddress> at(String address, int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    try {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(address, port), 1);
    } catch (IOException e) {
      socket.close();
      return Optional.empty();
    }
    DeafAddress deaf = new DeafAddress(socket);
    deaf.fill();
    return Optional.of(deaf);
  }

  /** The last ones are never accepted; it is enough that those before them were. */
  private void fill() throws IOException {
    for (int i = 0; i < MORE_THAN_THE_QUEUE_HOLDS; i++) {
      SocketChannel client = SocketChannel.open();
      queued.add(client);
      client.setOption(StandardSocketOptions.TCP_NODELAY, true);
      client.configureBlocking(false);
      client.connect(listening.getLocalSocketAddress());
    }
    Patience.until("the queue is full", () -> accepted() >= 2);
  }

  private long accepted() {
    return queued.stream()
        .filter(
            client -> {
              try {
                return client.finishConnect();
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            })
        .count();
  }

  @Override
  public void close() throws IOException {
    for (SocketChannel client : queued) {
      client.close();
    }
    listening.close();
  }
}
