package io.lockgate.trace;

import io.lockgate.exchange.Trace;
import io.lockgate.json.JsonOctets;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Spans in the JSON form of OpenTelemetry's protocol: ids in hex, 64-bit numbers as text. Written
 * by hand and as octets, into an array that stays: a post holds some hundred thousand of them. What
 * comes from outside is quoted. On the exporter's thread.
 */
final class OtlpText implements Attributes.Sink {
  private static final byte[] RESOURCE =
      ascii("{\"resourceSpans\":[{\"resource\":{\"attributes\":[");
  private static final byte[] SCOPE =
      ascii("]},\"scopeSpans\":[{\"scope\":{\"name\":\"lockgate\",\"version\":");
  private static final byte[] SPANS = ascii("},\"spans\":[");
  private static final byte[] END = ascii("]}]}]}");
  private static final byte[] COMMA = ascii(",");
  private static final byte[] TRACE_ID = ascii("{\"traceId\":\"");
  private static final byte[] SPAN_ID = ascii("\",\"spanId\":\"");
  private static final byte[] PARENT = ascii("\",\"parentSpanId\":\"");
  private static final byte[] NAME = ascii("\",\"name\":");
  private static final byte[] START = ascii(",\"kind\":2,\"startTimeUnixNano\":\""); // a server's
  private static final byte[] FINISH = ascii("\",\"endTimeUnixNano\":\"");
  private static final byte[] ATTRIBUTES = ascii("\",\"attributes\":[");
  private static final byte[] GOOD = ascii("],\"status\":{}}");
  private static final byte[] FAILED = ascii("],\"status\":{\"code\":2}}");
  private static final byte[] KEY = ascii("{\"key\":");
  private static final byte[] TEXT = ascii(",\"value\":{\"stringValue\":");
  private static final byte[] END_OF_TEXT = ascii("}}");
  private static final byte[] NUMBER = ascii(",\"value\":{\"intValue\":\"");
  private static final byte[] END_OF_NUMBER = ascii("\"}}");
  private static final byte[] TRUE = ascii(",\"value\":{\"boolValue\":true}}");
  private static final byte[] FALSE = ascii(",\"value\":{\"boolValue\":false}}");

  private final String version;
  private final JsonOctets json = new JsonOctets();
  private boolean first;

  OtlpText(String version) {
    this.version = version;
  }

  /**
   * Writes a post anew.
   *
   * @param spans of one service; not empty
   * @return the document, which the next call overwrites
   */
  JsonOctets write(List<Span> spans) {
    json.clear();
    json.raw(RESOURCE);
    first = true;
    text("service.name", spans.get(0).service());
    json.raw(SCOPE).text(version).raw(SPANS);
    for (int i = 0; i < spans.size(); i++) {
      if (i > 0) {
        json.raw(COMMA);
      }
      write(spans.get(i));
    }
    return json.raw(END);
  }

  private void write(Span span) {
    Trace trace = span.trace();
    json.raw(TRACE_ID).hex(trace.traceHigh()).hex(trace.traceLow());
    json.raw(SPAN_ID).hex(trace.span());
    if (trace.parent() != 0) {
      json.raw(PARENT).hex(trace.parent());
    }
    json.raw(NAME).text(span.name());
    json.raw(START).number(span.startNanos()).raw(FINISH).number(span.endNanos());
    json.raw(ATTRIBUTES);
    first = true;
    span.attributes().tell(this);
    json.raw(span.failed() ? FAILED : GOOD);
  }

  @Override
  public void text(String name, String value) {
    key(name).raw(TEXT).text(value).raw(END_OF_TEXT);
  }

  @Override
  public void number(String name, long value) {
    key(name).raw(NUMBER).number(value).raw(END_OF_NUMBER);
  }

  @Override
  public void flag(String name, boolean value) {
    key(name).raw(value ? TRUE : FALSE);
  }

  private JsonOctets key(String name) {
    if (!first) {
      json.raw(COMMA);
    }
    first = false;
    return json.raw(KEY).text(name);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
