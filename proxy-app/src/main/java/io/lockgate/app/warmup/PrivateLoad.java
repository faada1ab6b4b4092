package io.lockgate.app.warmup;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * What is asked of the private proxy: rounds of everything that clients do, so that no kind of it
 * comes to be taken for the only one. For one thread, which blocks; an interruption closes the
 * connection that it waits for.
 */
final class PrivateLoad implements AutoCloseable {
  /** After so many the optimizing compiler has seen enough. */
  static final int ROUNDS = 40;

  private static final int CONNECTIONS = 8;
  private static final int UPLOAD = 64 * 1024;

  /** No answer is larger, with its head. */
  private static final int ROOM = 80 * 1024;

  /** Where the status begins in a status line. */
  private static final int STATUS_AT = "HTTP/1.1 ".length();

  private static final byte[] END = PrivateProxy.END.getBytes(StandardCharsets.US_ASCII);

  private final PrivateProxy proxy;
  private final List<SocketChannel> connections = new ArrayList<>();
  private final ByteBuffer read = ByteBuffer.allocateDirect(ROOM);
  private final Part[] parts;

  private PrivateLoad(PrivateProxy proxy) {
    this.proxy = proxy;
    parts =
        new Part[] {
          new Part(get("/h1/origin/small"), 30),
          new Part(get("/h2/origin/small"), 30),
          new Part(get("/new/origin/small"), 6),
          new Part(get("/twelve/origin/small"), 4),
          new Part(get("/passing/origin/small"), 3),
          new Part(get("/h1/origin/large"), 3),
          new Part(get("/h2/origin/large"), 3),
          new Part(post("/h1/origin/small"), 3),
          new Part(post("/h2/origin/small"), 3),
        };
  }

  /**
   * One kind of request.
   *
   * @param times a round, on every connection
   */
  private record Part(ByteBuffer request, int times) {}

  static PrivateLoad on(PrivateProxy proxy) throws IOException {
    PrivateLoad load = new PrivateLoad(proxy);
    try {
      for (int i = 0; i < CONNECTIONS; i++) {
        load.connections.add(load.connect());
      }
      return load;
    } catch (IOException | RuntimeException e) {
      load.close();
      throw e;
    }
  }

  private SocketChannel connect() throws IOException {
    SocketChannel connection = SocketChannel.open();
    try {
      connection.setOption(StandardSocketOptions.TCP_NODELAY, true);
      connection.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port()));
      return connection;
    } catch (IOException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * All of it once; some tenths of a second.
   *
   * @param mayGoOn asked before each request
   * @return whether it came to its end
   * @throws IOException if something was not answered as expected
   */
  boolean round(BooleanSupplier mayGoOn) throws IOException {
    proxy.forgetSessions();
    for (Part part : parts) {
      for (int i = 0; i < part.times(); i++) {
        if (!mayGoOn.getAsBoolean()) {
          return false;
        }
        ask(part.request());
      }
    }
    return true;
  }

  private void ask(ByteBuffer request) throws IOException {
    for (SocketChannel connection : connections) {
      ByteBuffer content = request.duplicate();
      while (content.hasRemaining()) {
        connection.write(content);
      }
    }
    for (SocketChannel connection : connections) {
      takeAnswer(connection);
    }
  }

  /** An error of the proxy's is one here, too: its answer does not end as expected. */
  private void takeAnswer(SocketChannel connection) throws IOException {
    read.clear();
    do {
      if (!read.hasRemaining() || connection.read(read) < 0 || isError()) {
        throw new EOFException("not the expected answer: " + head());
      }
    } while (!ended());
  }

  private boolean isError() {
    return read.position() > STATUS_AT && read.get(STATUS_AT) != '2';
  }

  private String head() {
    ByteBuffer head = read.duplicate().flip();
    return StandardCharsets.ISO_8859_1.decode(head).toString().lines().findFirst().orElse("none");
  }

  private boolean ended() {
    int from = read.position() - END.length;
    for (int i = 0; i < END.length; i++) {
      if (from < 0 || read.get(from + i) != END[i]) {
        return false;
      }
    }
    return true;
  }

  private ByteBuffer get(String path) {
    return request("GET " + path, "");
  }

  private ByteBuffer post(String path) {
    return request("POST " + path, "x".repeat(UPLOAD));
  }

  private ByteBuffer request(String methodAndPath, String content) {
    String text =
        methodAndPath
            + " HTTP/1.1\r\nHost: "
            + proxy.host()
            + "\r\nUser-Agent: warm-up\r\nAccept: */*\r\n"
            + (content.isEmpty() ? "" : "Content-Length: " + content.length() + "\r\n")
            + "\r\n"
            + content;
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void close() {
    for (SocketChannel connection : connections) {
      try {
        connection.close();
      } catch (IOException e) {
        // It carried nothing that anybody waits for.
      }
    }
  }
}
