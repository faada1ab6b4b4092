package io.lockgate.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A well-behaved keep-alive origin. It answers every request with the head that it got, except
 * below these paths:
 *
 * <ul>
 *   <li>{@code /bytes/N}: N bytes of {@link Bulk} with a Content-Length; {@code /chunked/N}: the
 *       same in chunks
 *   <li>{@code /sink}: length and checksum of the request's content
 *   <li>{@code /echo}: the request's content, chunked as it comes
 *   <li>{@code /status/N}: an empty answer with that status
 *   <li>{@code /hold}: waits for {@link #release}, then answers like any other path
 *   <li>{@code /small}: two bytes, and nothing is recorded, for load
 * </ul>
 */
public final class EchoOrigin implements AutoCloseable {
  private final OriginSocket socket;
  private final String name;
  private final List<HttpMessage> requests = new CopyOnWriteArrayList<>();
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong begun = new AtomicLong();
  private final AtomicLong holding = new AtomicLong();
  private final Semaphore releases = new Semaphore(0);

  private EchoOrigin(String name, int port) throws IOException {
    this.name = name;
    this.socket = OriginSocket.listen(port, (connection, number) -> serve(connection));
  }

  public static EchoOrigin start() throws IOException {
    return new EchoOrigin("echo", 0);
  }

  /** As above; {@code name} stands in the response field {@code X-Origin}. */
  public static EchoOrigin named(String name) throws IOException {
    return new EchoOrigin(name, 0);
  }

  /** Takes up service on a port of an earlier origin. */
  public static EchoOrigin on(int port) throws IOException {
    return new EchoOrigin("echo", port);
  }

  public int port() {
    return socket.port();
  }

  /** As written in {@code servers}. */
  public String address() {
    return "127.0.0.1:" + port();
  }

  /** Connections accepted so far. */
  public int connections() {
    return socket.accepted();
  }

  /** Connections open now. */
  public int openConnections() {
    return socket.open();
  }

  /** Heads of the requests seen so far, in order of arrival, without those for {@code /small}. */
  public List<HttpMessage> requests() {
    return List.copyOf(requests);
  }

  /** The newest request; fails where there is none. */
  public HttpMessage lastRequest() {
    List<HttpMessage> seen = requests();
    if (seen.isEmpty()) {
      throw new AssertionError("the origin has seen no request");
    }
    return seen.get(seen.size() - 1);
  }

  /** Requests whose head was read. */
  public long begun() {
    return begun.get();
  }

  /** Requests answered to their last byte. */
  public long answered() {
    return answered.get();
  }

  /** Requests that wait for {@link #release}. */
  public long holding() {
    return holding.get();
  }

  /** Lets one request for {@code /hold} go on. */
  public void release() {
    releases.release();
  }

  /** Lets every request for {@code /hold} go on, from now on. */
  public void releaseAll() {
    releases.release(1_000_000);
  }

  private void serve(Socket connection) throws IOException {
    HttpReader reader =
        new HttpReader(new BufferedInputStream(connection.getInputStream(), 64 * 1024));
    OutputStream out = new BufferedOutputStream(connection.getOutputStream(), 64 * 1024);
    while (true) {
      Optional<HttpMessage> head = reader.head();
      if (head.isEmpty()) {
        return;
      }
      begun.incrementAndGet();
      new Answer(head.get(), reader, out).give();
      out.flush();
      answered.incrementAndGet();
      if (head.get().connectionHas("close")) {
        return;
      }
    }
  }

  @Override
  public void close() throws IOException {
    releaseAll();
    socket.close();
  }

  /** The answer to one request. */
  private final class Answer {
    private final HttpMessage head;
    private final HttpReader reader;
    private final OutputStream out;
    private final String path;

    Answer(HttpMessage head, HttpReader reader, OutputStream out) {
      this.head = head;
      this.reader = reader;
      this.out = out;
      String target = head.target();
      int query = target.indexOf('?');
      this.path = query < 0 ? target : target.substring(0, query);
    }

    void give() throws IOException {
      if (path.equals("/small")) {
        drain();
        plain("200 OK", "ok");
        return;
      }
      requests.add(head);
      if (head.field("Expect").map("100-continue"::equalsIgnoreCase).orElse(false)) {
        write("HTTP/1.1 100 Continue\r\n\r\n");
        out.flush();
      }
      if (path.equals("/echo")) {
        echo();
        return;
      }
      if (path.equals("/sink")) {
        Bulk.Meter meter = new Bulk.Meter();
        reader.content(head, false, meter);
        plain("200 OK", meter.seen().toString());
        return;
      }
      drain();
      if (path.startsWith("/bytes/")) {
        bytes(number());
      } else if (path.startsWith("/chunked/")) {
        chunked(number());
      } else if (path.startsWith("/status/")) {
        plain(number() + " Asked For", "");
      } else {
        if (path.startsWith("/hold")) {
          hold();
        }
        plain("200 OK", asText());
      }
    }

    private void hold() {
      holding.incrementAndGet();
      releases.acquireUninterruptibly();
      holding.decrementAndGet();
    }

    private void drain() throws IOException {
      reader.content(head, false, OutputStream.nullOutputStream());
    }

    private long number() {
      return Long.parseLong(path.substring(path.lastIndexOf('/') + 1));
    }

    private void bytes(long length) throws IOException {
      write(start("200 OK") + "Content-Length: " + length + "\r\n\r\n");
      if (!head.method().equals("HEAD")) {
        Bulk.write(out, length);
      }
    }

    private void chunked(long length) throws IOException {
      write(start("200 OK") + "Transfer-Encoding: chunked\r\n\r\n");
      if (!head.method().equals("HEAD")) {
        Chunks chunks = new Chunks(out);
        Bulk.write(chunks, length);
        chunks.end();
      }
    }

    private void echo() throws IOException {
      write(start("200 OK") + "Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n");
      Chunks chunks = new Chunks(out);
      List<HttpMessage.Field> trailers = new ArrayList<>(reader.content(head, false, chunks));
      trailers.add(new HttpMessage.Field("X-Sum", "end"));
      chunks.end(trailers);
    }

    private void plain(String status, String body) throws IOException {
      write(start(status) + "Content-Length: " + body.length() + "\r\n\r\n");
      if (!head.method().equals("HEAD")) {
        write(body);
      }
    }

    private String start(String status) {
      return "HTTP/1.1 "
          + status
          + "\r\nServer: origin\r\nX-Origin: "
          + name
          + "\r\nContent-Type: text/plain\r\n";
    }

    private String asText() {
      StringBuilder text = new StringBuilder(head.startLine()).append('\n');
      head.fields().forEach(f -> text.append(f.name() + ": " + f.value() + "\n"));
      return text.toString();
    }

    private void write(String text) throws IOException {
      out.write(text.getBytes(ISO_8859_1));
    }
  }

  /** Makes a chunk of each write and flushes it. */
  private static final class Chunks extends OutputStream {
    private final OutputStream out;

    Chunks(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (length > 0) {
        out.write((Integer.toHexString(length) + "\r\n").getBytes(ISO_8859_1));
        out.write(bytes, offset, length);
        out.write("\r\n".getBytes(ISO_8859_1));
        out.flush();
      }
    }

    void end() throws IOException {
      end(List.of());
    }

    void end(List<HttpMessage.Field> trailers) throws IOException {
      out.write("0\r\n".getBytes(ISO_8859_1));
      for (HttpMessage.Field trailer : trailers) {
        out.write((trailer.name() + ": " + trailer.value() + "\r\n").getBytes(ISO_8859_1));
      }
      out.write("\r\n".getBytes(ISO_8859_1));
    }
  }
}
