package io.lockgate.route;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.lockgate.http.FieldSection;
import io.lockgate.http.HeadLimits;
import io.lockgate.http.HeadScanner;
import io.lockgate.http.Method;
import io.lockgate.http.RequestCheck;
import io.lockgate.http.RequestHead;
import io.lockgate.http.ResponseCheck;
import io.lockgate.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/** Checked heads from text; a bar is a line end. */
public final class TestHeads {
  private static final HeadLimits LIMITS = new HeadLimits(32 * 1024, 128, 8 * 1024);

  private TestHeads() {}

  public static RequestHead request(String text) {
    RequestHead head = new RequestHead();
    require(
        new HeadScanner(LIMITS).scanRequest(octets(text), head) == HeadScanner.Progress.COMPLETE
            && RequestCheck.http1(head).accepted(),
        text);
    return head;
  }

  public static ResponseHead response(String text, Method request) {
    ResponseHead head = new ResponseHead();
    require(
        new HeadScanner(LIMITS).scanResponse(octets(text), head) == HeadScanner.Progress.COMPLETE
            && ResponseCheck.http1(head, request).accepted(),
        text);
    return head;
  }

  public static FieldSection fields(String... namesAndValues) {
    FieldSection fields = new FieldSection();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      fields.append(namesAndValues[i], namesAndValues[i + 1]);
    }
    return fields;
  }

  /** Such as {@code a: 1}; in order, without what was removed. */
  public static List<String> lines(FieldSection fields) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < fields.count(); i++) {
      if (!fields.isRemoved(i)) {
        lines.add(fields.name(i) + ": " + fields.value(i));
      }
    }
    return lines;
  }

  private static ByteBuf octets(String text) {
    return Unpooled.copiedBuffer(text.replace("|", "\r\n"), ISO_8859_1);
  }

  private static void require(boolean accepted, String text) {
    if (!accepted) {
      throw new AssertionError("not an acceptable head: " + text);
    }
  }
}
