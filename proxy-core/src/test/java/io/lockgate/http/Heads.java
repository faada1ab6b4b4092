package io.lockgate.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/** Heads as tests write them: a bar is a line end, each character an octet. */
final class Heads {
  static final HeadLimits LIMITS = new HeadLimits(32 * 1024, 128, 8 * 1024);

  private Heads() {}

  static ByteBuf octets(String text) {
    return Unpooled.copiedBuffer(text.replace("|", "\r\n"), ISO_8859_1);
  }

  static String text(ByteBuf written) {
    return written.toString(ISO_8859_1).replace("\r\n", "|");
  }

  /** A request that the scanner and the check accept. */
  static RequestHead request(String text) {
    RequestHead head = new RequestHead();
    String verdict = verdictOnRequest(text, head);
    if (!verdict.equals("accepted")) {
      throw new AssertionError(verdict + ": " + text);
    }
    return head;
  }

  /** The verdict of scanner and check together: accepted, incomplete, or the rule's name. */
  static String verdictOnRequest(String text, RequestHead head) {
    HeadScanner scanner = new HeadScanner(LIMITS);
    return switch (scanner.scanRequest(octets(text), head)) {
      case INCOMPLETE -> "incomplete";
      case REFUSED -> scanner.rule().name();
      case COMPLETE -> nameOf(RequestCheck.http1(head));
    };
  }

  static ResponseHead response(String text, Method request) {
    ResponseHead head = new ResponseHead();
    String verdict = verdictOnResponse(text, request, head);
    if (!verdict.equals("accepted")) {
      throw new AssertionError(verdict + ": " + text);
    }
    return head;
  }

  static String verdictOnResponse(String text, Method request, ResponseHead head) {
    HeadScanner scanner = new HeadScanner(LIMITS);
    return switch (scanner.scanResponse(octets(text), head)) {
      case INCOMPLETE -> "incomplete";
      case REFUSED -> scanner.rule().name();
      case COMPLETE -> nameOf(ResponseCheck.http1(head, request));
    };
  }

  static String nameOf(HeadVerdict verdict) {
    return verdict instanceof HeadVerdict.Refused refused ? refused.rule().name() : "accepted";
  }

  /** Puts fields in as an HTTP/2 decoder does; the texts are "name: value", split by bars. */
  static void fill(FieldSection fields, String lines) {
    for (String line : lines.split("\\|", -1)) {
      int colon = line.indexOf(':', 1);
      if (colon < 0) {
        fields.append(line, "");
        continue;
      }
      int value = line.startsWith(" ", colon + 1) ? colon + 2 : colon + 1;
      fields.append(line.substring(0, colon), line.substring(value));
    }
  }

  static RequestHead http2(String lines, boolean endOfStream) {
    RequestHead head = new RequestHead();
    fill(head.fields(), lines);
    String verdict = nameOf(RequestCheck.http2(head, endOfStream));
    if (!verdict.equals("accepted")) {
      throw new AssertionError(verdict + ": " + lines);
    }
    return head;
  }

  static List<String> live(FieldSection fields) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < fields.count(); i++) {
      if (!fields.isRemoved(i)) {
        lines.add(fields.name(i) + ": " + fields.value(i));
      }
    }
    return lines;
  }
}
