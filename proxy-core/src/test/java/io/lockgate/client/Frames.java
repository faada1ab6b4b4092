package io.lockgate.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;

/** HTTP/2 frames as octets, written by hand so that they can be wrong, and frames as text. */
final class Frames {
  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;

  private Frames() {}

  static ByteBuf frame(int type, int flags, int stream, byte... payload) {
    return Unpooled.buffer()
        .writeMedium(payload.length)
        .writeByte(type)
        .writeByte(flags)
        .writeInt(stream)
        .writeBytes(payload);
  }

  static ByteBuf all(ByteBuf... frames) {
    return Unpooled.wrappedBuffer(frames);
  }

  static ByteBuf preface() {
    return all(Unpooled.copiedBuffer("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", ISO_8859_1), settings());
  }

  /** Pairs of identifier and value. */
  static ByteBuf settings(int... pairs) {
    ByteBuf payload = Unpooled.buffer();
    for (int i = 0; i < pairs.length; i += 2) {
      payload.writeShort(pairs[i]).writeInt(pairs[i + 1]);
    }
    return frame(4, 0, 0, octets(payload));
  }

  static ByteBuf headers(int stream, int flags, byte[] block) {
    return frame(1, flags, stream, block);
  }

  static ByteBuf get(int stream, String path) {
    return headers(stream, END_STREAM | END_HEADERS, block("GET", path));
  }

  static ByteBuf post(int stream, String path, String... fields) {
    return headers(stream, END_HEADERS, block("POST", path, fields));
  }

  static ByteBuf data(int stream, int flags, String content) {
    return frame(0, flags, stream, content.getBytes(ISO_8859_1));
  }

  static ByteBuf reset(int stream) {
    return frame(3, 0, stream, new byte[] {0, 0, 0, 8});
  }

  static ByteBuf window(int stream, int increment) {
    return frame(8, 0, stream, octets(Unpooled.buffer().writeInt(increment)));
  }

  static ByteBuf ping() {
    return frame(6, 0, 0, new byte[8]);
  }

  /** A request's block; fields are name and value by turns. */
  static byte[] block(String method, String path, String... fields) {
    List<String> all =
        new ArrayList<>(
            List.of(":method", method, ":scheme", "https", ":path", path, ":authority", "a.test"));
    all.addAll(List.of(fields));
    return fields(all.toArray(String[]::new));
  }

  /** Literals without indexing. */
  static byte[] fields(String... namesAndValues) {
    ByteBuf block = Unpooled.buffer();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      block.writeByte(0);
      for (String text : List.of(namesAndValues[i], namesAndValues[i + 1])) {
        block.writeByte(text.length()).writeBytes(text.getBytes(ISO_8859_1));
      }
    }
    return octets(block);
  }

  private static byte[] octets(ByteBuf buffer) {
    byte[] octets = new byte[buffer.readableBytes()];
    buffer.readBytes(octets);
    return octets;
  }

  /** Frames but SETTINGS and WINDOW_UPDATE, such as {@code headers 1 200}. */
  static List<String> describe(ByteBuf sent) {
    List<String> frames = new ArrayList<>();
    while (sent.isReadable()) {
      int length = sent.readUnsignedMedium();
      int type = sent.readByte();
      int flags = sent.readByte();
      int stream = sent.readInt();
      ByteBuf payload = sent.readSlice(length);
      String end = (flags & END_STREAM) != 0 ? " end" : "";
      switch (type) {
        case 0 -> frames.add("data " + stream + " " + length + end);
        case 1 -> frames.add("headers " + stream + " " + decode(payload).status() + end);
        case 3 -> frames.add("reset " + stream + " " + error(payload));
        case 6 -> frames.add("ping" + ((flags & 1) != 0 ? " ack" : ""));
        case 7 -> frames.add("goaway " + payload.readInt() + " " + error(payload));
        default -> {}
      }
    }
    return frames;
  }

  private static String error(ByteBuf payload) {
    return Http2Error.valueOf(payload.readUnsignedInt()).name();
  }

  /** By Netty's decoder. */
  static Http2Headers decode(ByteBuf block) {
    try {
      return new DefaultHttp2HeadersDecoder(true).decodeHeaders(1, block);
    } catch (Http2Exception e) {
      throw new AssertionError(e);
    }
  }
}
