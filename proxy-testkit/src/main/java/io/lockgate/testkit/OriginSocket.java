package io.lockgate.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Accepts connections on a loopback port and gives each a thread of its own, so that origins read
 * as plain sequences of reads and writes.
 */
final class OriginSocket implements AutoCloseable {
  private final ServerSocket server;
  private final Conversation conversation;
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final AtomicInteger accepted = new AtomicInteger();
  private volatile boolean closed;

  private OriginSocket(ServerSocket server, Conversation conversation) {
    this.server = server;
    this.conversation = conversation;
  }

  /** Listens on {@code port}, or on one that the system chooses for 0. */
  static OriginSocket listen(int port, Conversation conversation) throws IOException {
    ServerSocket server = new ServerSocket();
    server.setReuseAddress(true);
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1024);
    OriginSocket origin = new OriginSocket(server, conversation);
    start("origin-" + server.getLocalPort(), origin::acceptAll);
    return origin;
  }

  int port() {
    return server.getLocalPort();
  }

  int accepted() {
    return accepted.get();
  }

  int open() {
    return open.size();
  }

  private void acceptAll() {
    while (!closed) {
      try {
        Socket socket = server.accept();
        open.add(socket);
        if (closed) {
          // A connection that comes while the socket is being closed may still be accepted.
          socket.close();
          return;
        }
        int number = accepted.incrementAndGet();
        start("origin-" + port() + "-" + number, () -> converse(socket, number));
      } catch (IOException noLongerOpen) {
        return;
      }
    }
  }

  private void converse(Socket socket, int number) {
    try (socket) {
      socket.setTcpNoDelay(true);
      conversation.hold(socket, number);
    } catch (IOException peerLeft) {
      // A proxy may drop its upstream connections whenever it likes; tests look at what came.
    } finally {
      open.remove(socket);
    }
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    closed = true;
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }

  /** What an origin does on one connection; returning closes it. */
  interface Conversation {
    /**
     * @param number of the connection, from 1
     */
    void hold(Socket socket, int number) throws IOException;
  }
}
