package io.lockgate.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/**
 * A client that sends exactly the bytes it is given and reads exact answers. Every read has a
 * deadline; a missed one fails the test with what had come until then. One thread at a time.
 */
public final class RawClient implements AutoCloseable {
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  private final Socket socket;
  private final Recording input;
  private final HttpReader reader;

  private RawClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) DEADLINE.toMillis());
    this.input = new Recording(new BufferedInputStream(socket.getInputStream()));
    this.reader = new HttpReader(input);
  }

  /** Connects in clear to a loopback port. */
  public static RawClient connect(int port) throws IOException {
    Socket socket = new Socket();
    socket.connect(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) DEADLINE.toMillis());
    return new RawClient(socket);
  }

  static RawClient over(Socket socket) throws IOException {
    return new RawClient(socket);
  }

  /** Sends {@code text} one byte a character (ISO 8859-1). */
  public RawClient send(String text) throws IOException {
    return send(text.getBytes(ISO_8859_1));
  }

  public RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /**
   * Sends what may be refused on the way: a peer that closes after its verdict makes the rest of
   * the write fail, and that is not the test's subject.
   */
  public RawClient sendWhileOpen(byte[] bytes) {
    try {
      send(bytes);
    } catch (IOException closedByPeer) {
      // The answer, which the caller reads next, is what counts.
    }
    return this;
  }

  /** Reads one whole response, interim ones included. */
  public HttpMessage readResponse() {
    return reading(() -> reader.response(false));
  }

  /** Reads the response to a HEAD request. */
  public HttpMessage readResponseToHead() {
    return reading(() -> reader.response(true));
  }

  /** Reads a head and leaves the content. */
  public HttpMessage readHead() {
    return reading(() -> reader.head().orElseThrow(() -> new IOException("closed")));
  }

  public byte[] readExactly(int length) {
    return reading(
        () -> {
          byte[] bytes = input.readNBytes(length);
          if (bytes.length < length) {
            throw new IOException("closed after " + bytes.length + " of " + length + " bytes");
          }
          return bytes;
        });
  }

  /** Everything until the peer closes, however it does. */
  public String readUntilClosed() {
    return reading(
        () -> {
          ByteArrayOutputStream rest = new ByteArrayOutputStream();
          try {
            input.transferTo(rest);
          } catch (SocketException | SSLException reset) {
            // A reset ends the connection as a close does; the bytes before it count.
          }
          return rest.toString(ISO_8859_1);
        });
  }

  /** Fails unless the peer closes without another byte. */
  public void expectClosed() {
    String rest = readUntilClosed();
    if (!rest.isEmpty()) {
      throw new AssertionError("expected a close, but first came: " + rest);
    }
  }

  /** Whether the TLS connection or socket still takes a request; sends nothing. */
  public boolean closedByPeer() throws IOException {
    socket.setSoTimeout(1);
    input.mark(1);
    try {
      int next = input.read();
      if (next >= 0) {
        throw new AssertionError("unasked bytes from the peer");
      }
      return true;
    } catch (SocketTimeoutException stillOpen) {
      return false;
    } catch (SocketException reset) {
      return true;
    } finally {
      socket.setSoTimeout((int) DEADLINE.toMillis());
    }
  }

  /** What TLS settled; fails on a connection in clear. */
  public SSLSession tlsSession() {
    return ((SSLSocket) socket).getSession();
  }

  public String applicationProtocol() {
    return ((SSLSocket) socket).getApplicationProtocol();
  }

  public int localPort() {
    return socket.getLocalPort();
  }

  /** Ends the sending direction only. */
  public void shutdownOutput() throws IOException {
    socket.shutdownOutput();
  }

  /** Closes with a reset instead of an orderly end. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private <T> T reading(Reading<T> step) {
    try {
      return step.read();
    } catch (IOException | NumberFormatException e) {
      throw new AssertionError(
          "while reading: " + e.getMessage() + "; so far had come:\n" + input.shown(), e);
    }
  }

  private interface Reading<T> {
    T read() throws IOException;
  }

  /** Keeps the first bytes of what was read, for the message of a failure. */
  private static final class Recording extends FilterInputStream {
    private static final int KEPT = 4096;
    private final ByteArrayOutputStream seen = new ByteArrayOutputStream();

    Recording(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      if (b >= 0 && seen.size() < KEPT) {
        seen.write(b);
      }
      return b;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      int read = super.read(to, offset, length);
      if (read > 0 && seen.size() < KEPT) {
        seen.write(to, offset, Math.min(read, KEPT - seen.size()));
      }
      return read;
    }

    String shown() {
      return seen.size() == 0 ? "(nothing)" : seen.toString(ISO_8859_1);
    }
  }
}
