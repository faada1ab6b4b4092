package io.lockgate.testkit;

import java.io.IOException;
import java.net.Socket;

/** An origin that speaks no protocol: what happens on each connection is the test's to say. */
public final class ByteOrigin implements AutoCloseable {
  private final OriginSocket socket;

  private ByteOrigin(OriginSocket socket) {
    this.socket = socket;
  }

  /** Listens on a loopback port; every connection has a thread of its own. */
  public static ByteOrigin start(Conversation conversation) throws IOException {
    return new ByteOrigin(OriginSocket.listen(0, (peer, number) -> conversation.hold(peer)));
  }

  /** Sends back what comes until nothing more does. */
  public static ByteOrigin echoing() throws IOException {
    return start(peer -> peer.getInputStream().transferTo(peer.getOutputStream()));
  }

  /** As written in {@code servers}. */
  public String address() {
    return "127.0.0.1:" + socket.port();
  }

  public int port() {
    return socket.port();
  }

  /** Connections accepted so far. */
  public int accepted() {
    return socket.accepted();
  }

  /** Connections that are being talked on. */
  public int open() {
    return socket.open();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** What the origin does on one connection; returning closes it. */
  public interface Conversation {
    void hold(Socket peer) throws IOException;
  }
}
