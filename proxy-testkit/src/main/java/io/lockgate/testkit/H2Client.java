package io.lockgate.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An HTTP/2 client that sees frames (RFC 9113): what came, in which order, and how the connection
 * ended. It answers SETTINGS and PING, opens its windows wide, and does nothing else by itself. One
 * thread at a time.
 */
public final class H2Client implements AutoCloseable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;

  private static final int END_STREAM = 1;
  private static final int ACK = 1;
  private static final int END_HEADERS = 4;
  private static final int WIDE = 1 << 30;
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  private final RawClient connection;
  private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
  private final Map<Integer, Stream> streams = new LinkedHashMap<>();
  private final Map<Integer, Integer> settings = new HashMap<>();
  private final ByteArrayOutputStream headerBlock = new ByteArrayOutputStream();
  private Optional<GoAway> goAway = Optional.empty();
  private int nextStream = 1;

  private H2Client(RawClient connection) {
    this.connection = connection;
  }

  /** Opens a connection, settings included. */
  public static H2Client connect(TlsClient tls, int port) throws IOException {
    RawClient connection = tls.withApplicationProtocols("h2").connect(port);
    if (!connection.applicationProtocol().equals("h2")) {
      throw new AssertionError("h2 was not agreed on: " + connection.applicationProtocol());
    }
    connection.send(PREFACE);
    H2Client client = new H2Client(connection);
    client.write(SETTINGS, 0, 0, setting(4, WIDE));
    client.write(WINDOW_UPDATE, 0, 0, number(WIDE));
    return client;
  }

  /** Sends a request without content and answers its stream. */
  public int get(String authority, String path) throws IOException {
    return request(
        new DefaultHttp2Headers(false)
            .method("GET")
            .scheme("https")
            .authority(authority)
            .path(path),
        true);
  }

  /** Sends any fields, good or evil. */
  public int request(Http2Headers headers, boolean endStream) throws IOException {
    int stream = nextStream;
    nextStream += 2;
    ByteBuf block = Unpooled.buffer();
    try {
      encoder.encodeHeaders(stream, headers, block);
      byte[] bytes = new byte[block.readableBytes()];
      block.readBytes(bytes);
      streams.put(stream, new Stream());
      write(HEADERS, END_HEADERS | (endStream ? END_STREAM : 0), stream, bytes);
    } catch (Http2Exception e) {
      throw new AssertionError(e);
    } finally {
      block.release();
    }
    return stream;
  }

  public void data(int stream, byte[] bytes, boolean endStream) throws IOException {
    write(DATA, endStream ? END_STREAM : 0, stream, bytes);
  }

  public void resetStream(int stream) throws IOException {
    write(RST_STREAM, 0, stream, number(8));
  }

  /** Reads on until that stream has ended, well or by a reset. */
  public Stream await(int stream) throws IOException {
    Stream wanted = streams.get(stream);
    while (!wanted.ended) {
      readFrame();
    }
    return wanted;
  }

  /** Reads on until the peer says that it will go. */
  public GoAway awaitGoAway() throws IOException {
    while (goAway.isEmpty()) {
      readFrame();
    }
    return goAway.get();
  }

  /** Makes sure that the peer has handled everything sent so far. */
  public void roundTrip() throws IOException {
    write(PING, 0, 0, new byte[8]);
    while (true) {
      Frame frame = readFrame();
      if (frame.type() == PING && (frame.flags() & ACK) != 0) {
        return;
      }
    }
  }

  /** What the peer has said of a setting so far, or 0. */
  public int setting(int id) {
    return settings.getOrDefault(id, 0);
  }

  /** Reads on until that much of a stream's content has come. */
  public Stream awaitContent(int stream, int octets) throws IOException {
    Stream wanted = streams.get(stream);
    while (wanted.text().length() < octets) {
      if (wanted.ended) {
        throw new AssertionError("ended after " + wanted);
      }
      readFrame();
    }
    return wanted;
  }

  /** Reads on until a stream has a head, be it an interim one. */
  public Stream awaitHead(int stream) throws IOException {
    Stream wanted = streams.get(stream);
    while (wanted.heads.isEmpty()) {
      readFrame();
    }
    return wanted;
  }

  /** Reads on until the peer closes. */
  public void awaitClose() {
    connection.readUntilClosed();
  }

  public Optional<GoAway> goAway() {
    return goAway;
  }

  private Frame readFrame() throws IOException {
    ByteBuffer head = ByteBuffer.wrap(connection.readExactly(9));
    int lengthAndType = head.getInt();
    int flags = head.get() & 0xff;
    int stream = head.getInt() & 0x7fff_ffff;
    byte[] payload = connection.readExactly(lengthAndType >>> 8);
    Frame frame = new Frame(lengthAndType & 0xff, flags, stream, payload);
    handle(frame);
    return frame;
  }

  private void handle(Frame frame) throws IOException {
    switch (frame.type()) {
      case SETTINGS -> {
        ByteBuffer payload = ByteBuffer.wrap(frame.payload());
        while (payload.hasRemaining()) {
          settings.put((int) payload.getShort(), payload.getInt());
        }
        acknowledge(frame, new byte[0]);
      }
      case PING -> acknowledge(frame, frame.payload());
      case HEADERS, CONTINUATION -> headers(frame);
      case DATA -> content(frame);
      case RST_STREAM -> {
        Stream stream = streams.get(frame.stream());
        stream.resetCode = Optional.of(ByteBuffer.wrap(frame.payload()).getInt());
        stream.ended = true;
      }
      case GOAWAY -> {
        ByteBuffer payload = ByteBuffer.wrap(frame.payload());
        goAway = Optional.of(new GoAway(payload.getInt(), payload.getInt()));
      }
      default -> {}
    }
  }

  private void acknowledge(Frame frame, byte[] payload) throws IOException {
    if ((frame.flags() & ACK) == 0) {
      write(frame.type(), ACK, 0, payload);
    }
  }

  private void headers(Frame frame) {
    headerBlock.writeBytes(frame.payload());
    if ((frame.flags() & END_HEADERS) == 0) {
      return;
    }
    Stream stream = streams.get(frame.stream());
    try {
      stream.heads.add(
          decoder.decodeHeaders(frame.stream(), Unpooled.wrappedBuffer(headerBlock.toByteArray())));
    } catch (Http2Exception e) {
      throw new AssertionError("the peer's header block cannot be read", e);
    }
    headerBlock.reset();
    stream.ended |= (frame.flags() & END_STREAM) != 0;
  }

  private void content(Frame frame) throws IOException {
    Stream stream = streams.get(frame.stream());
    stream.body.writeBytes(frame.payload());
    stream.ended |= (frame.flags() & END_STREAM) != 0;
    if (frame.payload().length > 0) {
      write(WINDOW_UPDATE, 0, 0, number(frame.payload().length));
    }
  }

  private void write(int type, int flags, int stream, byte[] payload) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
    frame.putInt(payload.length << 8 | type).put((byte) flags).putInt(stream).put(payload);
    connection.send(frame.array());
  }

  private static byte[] setting(int id, int value) {
    return ByteBuffer.allocate(6).putShort((short) id).putInt(value).array();
  }

  private static byte[] number(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  @Override
  public void close() throws IOException {
    encoder.close();
    connection.close();
  }

  private static final class Frame {
    private final int type;
    private final int flags;
    private final int stream;
    private final byte[] payload;

    Frame(int type, int flags, int stream, byte[] payload) {
      this.type = type;
      this.flags = flags;
      this.stream = stream;
      this.payload = payload;
    }

    int type() {
      return type;
    }

    int flags() {
      return flags;
    }

    int stream() {
      return stream;
    }

    byte[] payload() {
      return payload;
    }
  }

  /** The peer's farewell (RFC 9113 section 6.8). */
  public record GoAway(int lastStream, int errorCode) {}

  /** What came on one stream. */
  public static final class Stream {
    private final List<Http2Headers> heads = new ArrayList<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private Optional<Integer> resetCode = Optional.empty();
    private boolean ended;

    /** Final status; fails where there was none. */
    public int status() {
      return heads.stream()
          .filter(head -> head.status() != null)
          .mapToInt(head -> Integer.parseInt(head.status().toString()))
          .filter(status -> status >= 200)
          .findFirst()
          .orElseThrow(() -> new AssertionError("no response: " + this));
    }

    /** Of all heads in order, interim ones included. */
    public List<String> statuses() {
      return heads.stream()
          .filter(head -> head.status() != null)
          .map(head -> head.status().toString())
          .toList();
    }

    /** Heads in order: interim ones, the final one, trailers. */
    public List<Http2Headers> heads() {
      return List.copyOf(heads);
    }

    /** A field of the final head. */
    public Optional<String> field(String name) {
      return heads.stream()
          .filter(head -> head.status() != null && head.status().charAt(0) != '1')
          .flatMap(head -> Optional.ofNullable(head.get(name)).stream())
          .map(CharSequence::toString)
          .findFirst();
    }

    public String text() {
      return body.toString(StandardCharsets.ISO_8859_1);
    }

    /** Error code of the reset that ended it, if one did. */
    public Optional<Integer> resetCode() {
      return resetCode;
    }

    @Override
    public String toString() {
      return heads + " " + text() + resetCode.map(code -> " reset " + code).orElse("");
    }
  }
}
