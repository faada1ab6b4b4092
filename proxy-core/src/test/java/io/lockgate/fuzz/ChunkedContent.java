package io.lockgate.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.lockgate.http.ChunkedScanner;
import io.lockgate.http.HeadLimits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The chunked coding twice: as the scanner of the proxy takes it apart, and once more by the
 * grammar of RFC 9112 section 7.1 put down as an expression, slow and plain.
 */
final class ChunkedContent {
  static final String COMPLETE = "complete ";

  /** So many octets of extensions are allowed at any rate. */
  private static final int EXTENSIONS = 4096;

  private static final String TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]++";
  private static final String QUOTED =
      "\"(?:[\\t\\x20-\\x21\\x23-\\x5b\\x5d-\\x7e\\x80-\\xff]|\\\\[\\t\\x20-\\x7e\\x80-\\xff])*+\"";
  private static final Pattern SIZE_LINE =
      Pattern.compile(
          "([0-9A-Fa-f]{1,16}+)((?:[ \\t]*+;[ \\t]*+%s(?:[ \\t]*+=[ \\t]*+(?:%s|%s))?+)*+)\\r\\n"
              .formatted(TOKEN, TOKEN, QUOTED));

  private ChunkedContent() {}

  /** What the scanner makes of it when it comes in pieces. */
  static String scanned(byte[] input, int piece) {
    ChunkedScanner scanner = new ChunkedScanner(new HeadLimits(8 * 1024, 64, 2 * 1024));
    ByteBuf in = Unpooled.wrappedBuffer(input);
    StringBuilder data = new StringBuilder();
    int end = Math.min(piece, input.length);
    in.writerIndex(end);
    while (true) {
      switch (scanner.next(in)) {
        case DATA -> data.append(in.readCharSequence(scanner.available(), ISO_8859_1));
        case COMPLETE -> {
          return COMPLETE + in.readerIndex() + " " + data;
        }
        case REFUSED -> {
          return scanner.rule().label();
        }
        case NEED_MORE -> {
          if (end == input.length) {
            return "incomplete";
          }
          end = Math.min(end + piece, input.length);
          in.writerIndex(end);
        }
      }
    }
  }

  /**
   * The same of content that is complete and has no trailers; empty where it is neither, or has
   * more extensions than are surely allowed. What has trailers is told of by the scanner alone.
   */
  static String byTheGrammar(byte[] input) {
    String text = new String(input, ISO_8859_1);
    StringBuilder data = new StringBuilder();
    int at = 0;
    int extensions = 0;
    while (true) {
      Matcher line = SIZE_LINE.matcher(text).region(at, text.length());
      if (!line.lookingAt()) {
        return "";
      }
      at = line.end();
      extensions += line.group(2).length();
      if (extensions > EXTENSIONS) {
        return scanned(input, input.length).startsWith(COMPLETE)
            ? scanned(input, input.length)
            : "";
      }
      long size = Long.parseUnsignedLong(line.group(1), 16);
      if (size == 0) {
        break;
      }
      if (size < 0 || size > text.length() - at - 2 || !text.startsWith("\r\n", at + (int) size)) {
        return "";
      }
      data.append(text, at, at + (int) size);
      at += (int) size + 2;
    }
    if (text.startsWith("\r\n", at)) {
      return COMPLETE + (at + 2) + " " + data;
    }
    String whole = scanned(input, input.length);
    boolean trailers = whole.startsWith(COMPLETE) && whole.endsWith(" " + data);
    return trailers ? whole : "";
  }
}
