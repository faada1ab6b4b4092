package io.lockgate.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;

/**
 * An origin that plays a script on each connection, byte for byte, good or evil, and records every
 * byte that it was sent. The script runs again for each request if it loops itself.
 */
public final class ScriptedOrigin implements AutoCloseable {
  private final OriginSocket socket;
  private final List<Recording> recordings = new CopyOnWriteArrayList<>();

  private ScriptedOrigin(Script script, int port) throws IOException {
    this.socket =
        OriginSocket.listen(
            port, (connection, number) -> script.play(peer(connection, connection, number)));
  }

  private ScriptedOrigin(TlsSide tls, Script script) throws IOException {
    this.socket =
        OriginSocket.listen(
            0,
            (connection, number) -> {
              SSLSocket secured = tls.accept(connection);
              script.play(peer(secured, connection, number));
              secured.close();
            });
  }

  /** Plays {@code script} on every connection. */
  public static ScriptedOrigin playing(Script script) throws IOException {
    return new ScriptedOrigin(script, 0);
  }

  /** As above, on a port that was taken earlier: an origin that comes back. */
  public static ScriptedOrigin playingOn(int port, Script script) throws IOException {
    return new ScriptedOrigin(script, port);
  }

  /** Plays {@code script} within TLS on every connection whose handshake succeeds. */
  public static ScriptedOrigin playing(TlsSide tls, Script script) throws IOException {
    return new ScriptedOrigin(tls, script);
  }

  /** Answers each request with the same bytes, within TLS. */
  public static ScriptedOrigin answering(TlsSide tls, String response) throws IOException {
    return playing(tls, answers(response));
  }

  /** Answers each request with the same bytes for as long as the peer keeps the connection. */
  public static ScriptedOrigin answering(String response) throws IOException {
    return playing(answers(response));
  }

  private static Script answers(String response) {
    return peer -> {
      while (peer.hasRequest()) {
        peer.write(response);
      }
    };
  }

  public int port() {
    return socket.port();
  }

  /** As written in {@code servers}. */
  public String address() {
    return "127.0.0.1:" + port();
  }

  /** How many connections were accepted so far. */
  public int connections() {
    return socket.accepted();
  }

  /** Every byte received so far, connection by connection. */
  public String received() {
    StringBuilder all = new StringBuilder();
    recordings.forEach(recording -> all.append(recording.text()));
    return all.toString();
  }

  private Peer peer(Socket connection, Socket raw, int number) throws IOException {
    Recording recording = new Recording(connection.getInputStream());
    recordings.add(recording);
    return new Peer(connection, raw, number, new BufferedInputStream(recording));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** What the origin does on one connection. */
  public interface Script {
    void play(Peer peer) throws IOException;
  }

  /** The proxy, seen from the origin. */
  public static final class Peer {
    private final Socket socket;
    private final Socket raw;
    private final int number;
    private final InputStream in;
    private final HttpReader reader;

    private Peer(Socket socket, Socket raw, int number, InputStream in) {
      this.socket = socket;
      this.raw = raw;
      this.number = number;
      this.in = in;
      this.reader = new HttpReader(in);
    }

    /** Which connection this is, from 1. */
    public int number() {
      return number;
    }

    /** Reads a whole request; false where the peer closed between requests. */
    public boolean hasRequest() throws IOException {
      return reader.request().isPresent();
    }

    /** Reads a whole request. */
    public HttpMessage readRequest() throws IOException {
      return reader.request().orElseThrow(() -> new EOFException("closed instead of a request"));
    }

    /** Reads a request's head and leaves its content. */
    public HttpMessage readHead() throws IOException {
      return reader.head().orElseThrow(() -> new EOFException("closed instead of a request"));
    }

    public byte[] readExactly(int length) throws IOException {
      byte[] bytes = in.readNBytes(length);
      if (bytes.length < length) {
        throw new EOFException("closed after " + bytes.length + " of " + length + " bytes");
      }
      return bytes;
    }

    /** Reads the content that {@code head} announces. */
    public byte[] readContent(HttpMessage head) throws IOException {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      reader.content(head, false, body);
      return body.toByteArray();
    }

    /** Reads until the peer closes. */
    public void readUntilClosed() throws IOException {
      in.transferTo(java.io.OutputStream.nullOutputStream());
    }

    public Peer write(String text) throws IOException {
      return write(text.getBytes(ISO_8859_1));
    }

    public Peer write(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
      return this;
    }

    /** Holds until the test says so. */
    public Peer await(CountDownLatch latch) throws IOException {
      try {
        if (!latch.await(Patience.USUAL.toSeconds() * 3, TimeUnit.SECONDS)) {
          throw new InterruptedIOException("the test never released the origin");
        }
        return this;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted");
      }
    }

    public void close() throws IOException {
      socket.close();
    }

    /** Ends the TCP connection and tells TLS nothing. */
    public void cut() throws IOException {
      raw.close();
    }

    /** What the handshake settled; only within TLS. */
    public SSLSocket tls() {
      return (SSLSocket) socket;
    }

    /** Ends the connection with a reset instead of an orderly close. */
    public void reset() throws IOException {
      raw.setSoLinger(true, 0);
      raw.close();
    }
  }

  /** Copies what is read into memory, bounded so that a big upload does no harm. */
  private static final class Recording extends FilterInputStream {
    private static final int KEPT = 1 << 20;
    private final ByteArrayOutputStream seen = new ByteArrayOutputStream();

    Recording(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      if (b >= 0) {
        keep(new byte[] {(byte) b}, 0, 1);
      }
      return b;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      int read = super.read(to, offset, length);
      if (read > 0) {
        keep(to, offset, read);
      }
      return read;
    }

    private void keep(byte[] bytes, int offset, int length) {
      synchronized (seen) {
        seen.write(bytes, offset, Math.min(length, KEPT - seen.size()));
      }
    }

    String text() {
      synchronized (seen) {
        return seen.toString(ISO_8859_1);
      }
    }
  }
}
