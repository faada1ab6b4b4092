package io.lockgate.upstream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.lockgate.testkit.ScriptedOrigin;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The server's side of an HTTP/2 connection, frame by frame and without any state of its own, so
 * that it can do whatever a test wants it to.
 */
public final class Http2Peer {
  /** Types of frames. */
  static final int DATA = 0;

  static final int RESET = 3;
  static final int WINDOW_UPDATE = 8;

  /** Settings. */
  static final int MAX_STREAMS = 3;

  static final int INITIAL_WINDOW = 4;

  /** Codes of errors. */
  static final int REFUSED = 7;

  static final int CANCEL = 8;

  static final int END = 1;
  private static final int END_HEADERS = 4;
  private static final int PREFACE = 24;

  private final ScriptedOrigin.Peer peer;

  /** Blocks may refer to earlier ones. */
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);

  private Http2Peer(ScriptedOrigin.Peer peer) {
    this.peer = peer;
  }

  /**
   * Reads the client's preface, sends settings and accepts the client's; pairs of identifier and
   * value.
   */
  public static Http2Peer greet(ScriptedOrigin.Peer peer, int... settings) throws IOException {
    peer.readExactly(PREFACE);
    Http2Peer greeted = new Http2Peer(peer);
    greeted.settings(settings).send(4, 1, 0);
    return greeted;
  }

  /** A frame as it came. */
  @SuppressWarnings("ArrayRecordComponent")
  public record Frame(int type, int flags, int stream, byte[] payload) {
    public boolean end() {
      return (flags & END) != 0;
    }

    int number(int offset) {
      return ByteBuffer.wrap(payload).getInt(offset);
    }

    public String text() {
      return new String(payload, ISO_8859_1);
    }
  }

  int number() {
    return peer.number();
  }

  ScriptedOrigin.Peer peer() {
    return peer;
  }

  public Frame read() throws IOException {
    ByteBuffer head = ByteBuffer.wrap(peer.readExactly(9));
    int first = head.getInt();
    int flags = head.get();
    int stream = head.getInt();
    return new Frame(first & 0xff, flags, stream, peer.readExactly(first >>> 8));
  }

  /** The next frame of a type; others are left out. */
  public Frame next(int type) throws IOException {
    while (true) {
      Frame frame = read();
      if (frame.type == type) {
        return frame;
      }
    }
  }

  /** The next request's head. */
  public Frame request() throws IOException {
    return next(1);
  }

  public Http2Headers decode(Frame headers) {
    ByteBuf block = Unpooled.wrappedBuffer(headers.payload);
    try {
      return decoder.decodeHeaders(headers.stream, block);
    } catch (Http2Exception e) {
      throw new AssertionError(e);
    }
  }

  public Http2Peer send(int type, int flags, int stream, byte... payload) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
    frame.putInt(payload.length << 8 | type).put((byte) flags).putInt(stream).put(payload);
    peer.write(frame.array());
    return this;
  }

  /** The same frame many times over, in few writes. */
  Http2Peer many(int times, int type, int flags, int stream, byte... payload) throws IOException {
    ByteBuffer frames = ByteBuffer.allocate(times * (9 + payload.length));
    for (int i = 0; i < times; i++) {
      frames.putInt(payload.length << 8 | type).put((byte) flags).putInt(stream).put(payload);
    }
    peer.write(frames.array());
    return this;
  }

  public Http2Peer settings(int... pairs) throws IOException {
    ByteBuffer payload = ByteBuffer.allocate(pairs.length * 3);
    for (int i = 0; i < pairs.length; i += 2) {
      payload.putShort((short) pairs[i]).putInt(pairs[i + 1]);
    }
    return send(4, 0, 0, payload.array());
  }

  public Http2Peer headers(int stream, boolean end, String... namesAndValues) throws IOException {
    return send(1, END_HEADERS | (end ? END : 0), stream, block(namesAndValues));
  }

  public Http2Peer data(int stream, boolean end, String content) throws IOException {
    return send(0, end ? END : 0, stream, content.getBytes(ISO_8859_1));
  }

  public Http2Peer ok(int stream) throws IOException {
    return headers(stream, false, ":status", "200").data(stream, true, "ok");
  }

  Http2Peer reset(int stream, int code) throws IOException {
    return send(3, 0, stream, numbers(code));
  }

  Http2Peer goAway(int last, int code) throws IOException {
    return send(7, 0, 0, numbers(last, code));
  }

  Http2Peer window(int stream, int increment) throws IOException {
    return send(8, 0, stream, numbers(increment));
  }

  static byte[] numbers(int... numbers) {
    ByteBuffer octets = ByteBuffer.allocate(numbers.length * 4);
    for (int number : numbers) {
      octets.putInt(number);
    }
    return octets.array();
  }

  /** Literals without indexing. */
  static byte[] block(String... namesAndValues) {
    ByteBuf block = Unpooled.buffer();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      block.writeByte(0);
      for (int j = i; j < i + 2; j++) {
        byte[] text = namesAndValues[j].getBytes(ISO_8859_1);
        block.writeByte(text.length).writeBytes(text);
      }
    }
    byte[] octets = new byte[block.readableBytes()];
    block.readBytes(octets);
    return octets;
  }

  /** Reads frames until the client closes; answers the code of its GOAWAY, or -1. */
  int codeOfGoAway() throws IOException {
    int code = -1;
    try {
      while (true) {
        Frame frame = read();
        if (frame.type == 7) {
          code = frame.number(4);
        }
      }
    } catch (EOFException closed) {
      return code;
    }
  }

  /** Answers every request with {@code ok} for as long as the client stays. */
  public void answerAll() throws IOException {
    try {
      while (true) {
        Frame request = request();
        if (request.end()) {
          ok(request.stream);
        }
      }
    } catch (EOFException closed) {
      // Nobody asks any more.
    }
  }
}
