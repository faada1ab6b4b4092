package io.lockgate.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A line of {@code framing-cases.txt}: an input, and whether the rule that it stands under refuses
 * it.
 *
 * @param written the input as it stands in the file
 */
public record FramingCase(FramingRule rule, Kind kind, boolean refused, String written) {
  static final String ACCEPTED = "accepted";

  private static final HeadLimits SMALL = new HeadLimits(64, 2, 20);
  private static final HeadLimits SMALL_TRAILERS = new HeadLimits(32, 4, 20);

  /** What an input is, and so who judges it. */
  public enum Kind {
    REQUEST("requests"),
    SMALL_REQUEST("requests"),
    RESPONSE("responses"),
    CHUNKS("chunks"),
    SMALL_CHUNKS("chunks"),
    H2_REQUEST("HTTP/2 requests"),
    H2_REQUEST_ENDED("HTTP/2 requests"),
    H2_RESPONSE("HTTP/2 responses"),
    H2_RESPONSE_ENDED("HTTP/2 responses"),
    H2_TRAILERS("HTTP/2 trailers"),
    H2_CONTENT("HTTP/2 content");

    private final String messages;

    Kind(String messages) {
      this.messages = messages;
    }

    /** What the documentation calls it. */
    String messages() {
      return messages;
    }

    /** Whether it comes in octets that may be cut anywhere. */
    boolean stream() {
      return ordinal() <= SMALL_CHUNKS.ordinal();
    }

    private static Kind of(String name) {
      return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
  }

  /** Every case, in the order of the file. */
  public static List<FramingCase> all() {
    List<FramingCase> cases = new ArrayList<>();
    FramingRule rule = null;
    for (String line : lines()) {
      if (line.startsWith("== ")) {
        rule = FramingRule.valueOf(line.substring(3));
      } else if (!line.isEmpty() && !line.startsWith("#")) {
        int space = line.indexOf(' ');
        char sign = line.charAt(space + 1);
        if (rule == null || (sign != '+' && sign != '-') || line.charAt(space + 2) != ' ') {
          throw new IllegalArgumentException(line);
        }
        Kind kind = Kind.of(line.substring(0, space));
        cases.add(new FramingCase(rule, kind, sign == '-', line.substring(space + 3)));
      }
    }
    return cases;
  }

  private static List<String> lines() {
    try (InputStream in = FramingCase.class.getResourceAsStream("framing-cases.txt");
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, UTF_8))) {
      return reader.lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What must come of it. */
  String expected() {
    return refused ? rule.name() : ACCEPTED;
  }

  /** The octets, each as a character, with line ends for bars. */
  public String input() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < written.length(); i++) {
      char c = written.charAt(i);
      if (c != '\\') {
        text.append(c == '|' && kind.stream() ? "\r\n" : c);
        continue;
      }
      char escaped = written.charAt(++i);
      switch (escaped) {
        case '\\' -> text.append('\\');
        case 'r' -> text.append('\r');
        case 'n' -> text.append('\n');
        case 't' -> text.append('\t');
        case '0' -> text.append('\0');
        case 'x' -> {
          text.append((char) Integer.parseInt(written.substring(i + 1, i + 3), 16));
          i += 2;
        }
        default -> throw new IllegalArgumentException("\\" + escaped + " in " + written);
      }
    }
    return text.toString();
  }

  /** What comes of it: accepted, incomplete, or the name of a rule. */
  String verdict() {
    return verdict(Integer.MAX_VALUE);
  }

  /** The same where a stream of octets comes in pieces of a size. */
  String verdict(int piece) {
    return switch (kind) {
      case REQUEST -> request(Heads.LIMITS, piece);
      case SMALL_REQUEST -> request(SMALL, piece);
      case RESPONSE -> response(piece);
      case CHUNKS -> chunks(Heads.LIMITS, piece);
      case SMALL_CHUNKS -> chunks(SMALL_TRAILERS, piece);
      case H2_REQUEST, H2_REQUEST_ENDED -> {
        RequestHead head = new RequestHead();
        Heads.fill(head.fields(), input());
        yield Heads.nameOf(RequestCheck.http2(head, kind == Kind.H2_REQUEST_ENDED));
      }
      case H2_RESPONSE, H2_RESPONSE_ENDED -> {
        ResponseHead head = new ResponseHead();
        Heads.fill(head.fields(), input());
        boolean ended = kind == Kind.H2_RESPONSE_ENDED;
        yield Heads.nameOf(ResponseCheck.http2(head, Method.GET, ended));
      }
      case H2_TRAILERS -> {
        FieldSection trailers = new FieldSection();
        Heads.fill(trailers, input());
        yield Heads.nameOf(RequestCheck.http2Trailers(trailers));
      }
      case H2_CONTENT -> content();
    };
  }

  private String request(HeadLimits limits, int piece) {
    HeadScanner scanner = new HeadScanner(limits);
    RequestHead head = new RequestHead();
    Pieces pieces = new Pieces(input(), piece);
    while (true) {
      switch (scanner.scanRequest(pieces.next(), head)) {
        case REFUSED -> {
          return scanner.rule().name();
        }
        case COMPLETE -> {
          return Heads.nameOf(RequestCheck.http1(head));
        }
        case INCOMPLETE -> {
          if (pieces.over()) {
            return "incomplete";
          }
        }
      }
    }
  }

  private String response(int piece) {
    HeadScanner scanner = new HeadScanner(Heads.LIMITS);
    ResponseHead head = new ResponseHead();
    Pieces pieces = new Pieces(input(), piece);
    while (true) {
      switch (scanner.scanResponse(pieces.next(), head)) {
        case REFUSED -> {
          return scanner.rule().name();
        }
        case COMPLETE -> {
          return Heads.nameOf(ResponseCheck.http1(head, Method.GET));
        }
        case INCOMPLETE -> {
          if (pieces.over()) {
            return "incomplete";
          }
        }
      }
    }
  }

  private String chunks(HeadLimits limits, int piece) {
    ChunkedScanner scanner = new ChunkedScanner(limits);
    Pieces pieces = new Pieces(input(), piece);
    ByteBuf in = pieces.next();
    while (true) {
      switch (scanner.next(in)) {
        case REFUSED -> {
          return scanner.rule().name();
        }
        case COMPLETE -> {
          return ACCEPTED;
        }
        case DATA -> in.skipBytes(scanner.available());
        case NEED_MORE -> {
          if (pieces.over()) {
            return "incomplete";
          }
          in = pieces.next();
        }
      }
    }
  }

  private String content() {
    String[] parts = input().split(": ", 2);
    long declared = parts[0].equals("none") ? -1 : Long.parseLong(parts[0]);
    long received = 0;
    for (String frame : parts[1].split(" ")) {
      boolean end = frame.equals("end");
      received += end ? 0 : Long.parseLong(frame);
      if (!DeclaredLength.agrees(declared, received, end)) {
        return FramingRule.CONTENT_LENGTH_EXCEEDED.name();
      }
    }
    return ACCEPTED;
  }

  @Override
  public String toString() {
    String shown = written.length() > 120 ? written.substring(0, 120) + "..." : written;
    return rule + " " + kind + (refused ? " - " : " + ") + shown;
  }

  /** The octets of an input, of which more come with every call. */
  private static final class Pieces {
    private final ByteBuf whole;
    private final int piece;
    private int end;

    Pieces(String input, int piece) {
      this.whole = Unpooled.copiedBuffer(input, java.nio.charset.StandardCharsets.ISO_8859_1);
      this.piece = piece;
    }

    ByteBuf next() {
      end = (int) Math.min((long) end + piece, whole.capacity());
      return whole.writerIndex(end);
    }

    boolean over() {
      return end == whole.capacity();
    }
  }
}
