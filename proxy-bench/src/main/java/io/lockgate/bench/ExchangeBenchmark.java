package io.lockgate.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.lockgate.client.Http1Handler;
import io.lockgate.client.Http2HandlerBuilder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One request and its response on a kept connection, one at a time: all that happens between the
 * octets of the client and those for it, but sockets and TLS. The embedded channel's cost is in it.
 */
@Fork(1)
@Warmup(iterations = 10, time = 1) // half of the proxy is to be compiled
@Measurement(iterations = 3, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ExchangeBenchmark {

  /** Over HTTP/1.1, answered by the route itself. */
  @Benchmark
  public int http1AnsweredHere(Http1Client client) {
    return client.ask(client.pong, 4);
  }

  /** Over HTTP/1.1, with a head of 13 fields and an answer of 1 KiB from a server. */
  @Benchmark
  public int http1Forwarded(Http1Client client) {
    return client.ask(client.items, AnsweringServer.CONTENT_BYTES);
  }

  /** Over HTTP/2, answered by the route itself. */
  @Benchmark
  public int http2AnsweredHere(Http2Client client) {
    return client.ask(client.pong, 4);
  }

  /** Over HTTP/2, with a head of 13 fields and an answer of 1 KiB from a server. */
  @Benchmark
  public int http2Forwarded(Http2Client client) {
    return client.ask(client.items, AnsweringServer.CONTENT_BYTES);
  }

  private static int expect(int received, int content) {
    if (received < content || received > content + 1024) {
      throw new IllegalStateException(received + " octets");
    }
    return received;
  }

  /** Sends the same octets again and again. */
  @State(Scope.Thread)
  public static class Http1Client {
    private final ByteBuf pong =
        Heads.octets("GET /pong HTTP/1.1|Host: " + ServedClient.HOST + "||");
    private final ByteBuf items = Heads.octets(Heads.REQUEST);
    private ServedClient client;

    @Setup
    public void connect() {
      client = new ServedClient(Http1Handler::new);
    }

    @TearDown
    public void release() {
      client.close();
      pong.release();
      items.release();
    }

    private int ask(ByteBuf request, int content) {
      return expect(client.exchange(request.retainedDuplicate()), content);
    }
  }

  /** Opens a stream for each request, and the connection's window now and then. */
  @State(Scope.Thread)
  public static class Http2Client {
    private static final int FRAME_HEAD_BYTES = 9;
    private static final int STREAM_AT = 5;
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int WINDOW_UPDATE = 8;
    private static final int END_STREAM_AND_HEADERS = 5;
    private static final int REQUESTS_A_WINDOW = 1024;

    private final ByteBuf pong = headers(block("/pong"));
    private final ByteBuf items = headers(block("/api/v1/items?page=2&order=price", FIELDS));
    private ServedClient client;
    private int stream = -1;

    private static final String[] FIELDS = {
      "user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
      "accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
      "accept-language", "en-GB,en;q=0.5",
      "accept-encoding", "gzip, deflate, br, zstd",
      "referer", "https://www.example.test/items",
      "cookie", "theme=dark; visit=8d2b5a1c90f34c7e; cart=17",
      "sec-fetch-dest", "document",
      "sec-fetch-mode", "navigate",
      "sec-fetch-site", "same-origin",
      "cache-control", "max-age=0"
    };

    @Setup
    public void connect() {
      client = new ServedClient(Http2HandlerBuilder::build);
      client.exchange(
          Unpooled.wrappedBuffer(
              Unpooled.copiedBuffer("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", ISO_8859_1),
              frame(SETTINGS, 0, Unpooled.EMPTY_BUFFER)));
      openWindow();
    }

    @TearDown
    public void release() {
      client.close();
      pong.release();
      items.release();
    }

    private int ask(ByteBuf request, int content) {
      stream += 2;
      if (stream / 2 % REQUESTS_A_WINDOW == REQUESTS_A_WINDOW - 1) {
        openWindow();
      }
      request.setInt(STREAM_AT, stream);
      return expect(client.exchange(request.retainedDuplicate()), content);
    }

    private void openWindow() {
      int octets = REQUESTS_A_WINDOW * AnsweringServer.CONTENT_BYTES;
      client.exchange(frame(WINDOW_UPDATE, 0, Unpooled.buffer().writeInt(octets)));
    }

    private static ByteBuf headers(ByteBuf block) {
      return frame(HEADERS, END_STREAM_AND_HEADERS, block);
    }

    /** On the connection; where it is of a stream, that is filled in later. */
    private static ByteBuf frame(int type, int flags, ByteBuf payload) {
      ByteBuf frame =
          Unpooled.directBuffer(FRAME_HEAD_BYTES + payload.readableBytes())
              .writeMedium(payload.readableBytes())
              .writeByte(type)
              .writeByte(flags)
              .writeInt(0)
              .writeBytes(payload);
      payload.release();
      return frame;
    }

    /** Literals without indexing and without Huffman coding (RFC 7541 section 6.2.2). */
    private static ByteBuf block(String path, String... fields) {
      ByteBuf block = Unpooled.buffer();
      literal(block, ":method", "GET");
      literal(block, ":scheme", "http");
      literal(block, ":path", path);
      literal(block, ":authority", ServedClient.HOST);
      for (int i = 0; i < fields.length; i += 2) {
        literal(block, fields[i], fields[i + 1]);
      }
      return block;
    }

    private static void literal(ByteBuf block, String name, String value) {
      block.writeByte(0);
      block.writeByte(name.length()).writeCharSequence(name, ISO_8859_1);
      block.writeByte(value.length()).writeCharSequence(value, ISO_8859_1);
    }
  }
}
