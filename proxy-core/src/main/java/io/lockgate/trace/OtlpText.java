package io.lockgate.trace;

import io.lockgate.exchange.Trace;
import io.lockgate.json.JsonString;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Spans in the JSON form of OpenTelemetry's protocol: ids in hex, 64-bit numbers as text. Written
 * by hand, as it is the only document of its kind; what comes from outside is quoted.
 */
final class OtlpText {
  private static final int SERVER = 2;
  private static final int ERROR = 2;
  private static final HexFormat HEX = HexFormat.of();

  private OtlpText() {}

  /**
   * @param spans of one service; not empty
   */
  static String json(List<Span> spans, String version) {
    StringBuilder text = new StringBuilder(1_024 * spans.size());
    text.append("{\"resourceSpans\":[{\"resource\":{\"attributes\":[");
    attribute(text, "service.name", spans.get(0).service());
    text.append("]},\"scopeSpans\":[{\"scope\":{\"name\":\"lockgate\",\"version\":");
    JsonString.append(text, version);
    text.append("},\"spans\":[");
    for (int i = 0; i < spans.size(); i++) {
      text.append(i == 0 ? "" : ",");
      append(text, spans.get(i));
    }
    return text.append("]}]}]}").toString();
  }

  private static void append(StringBuilder text, Span span) {
    Trace trace = span.trace();
    text.append("{\"traceId\":\"").append(trace.traceId());
    text.append("\",\"spanId\":\"").append(HEX.toHexDigits(trace.span()));
    if (trace.parent() != 0) {
      text.append("\",\"parentSpanId\":\"").append(HEX.toHexDigits(trace.parent()));
    }
    text.append("\",\"name\":");
    JsonString.append(text, span.name());
    text.append(",\"kind\":").append(SERVER);
    text.append(",\"startTimeUnixNano\":\"").append(span.startNanos());
    text.append("\",\"endTimeUnixNano\":\"").append(span.endNanos());
    text.append("\",\"attributes\":[");
    boolean first = true;
    for (Map.Entry<String, Object> attribute : span.attributes().get().entrySet()) {
      text.append(first ? "" : ",");
      attribute(text, attribute.getKey(), attribute.getValue());
      first = false;
    }
    text.append("],\"status\":{").append(span.failed() ? "\"code\":" + ERROR : "").append("}}");
  }

  private static void attribute(StringBuilder text, String name, Object value) {
    text.append("{\"key\":");
    JsonString.append(text, name);
    text.append(",\"value\":{");
    if (value instanceof Long number) {
      text.append("\"intValue\":\"").append(number.longValue()).append('"');
    } else if (value instanceof Boolean on) {
      text.append("\"boolValue\":").append(on.booleanValue());
    } else {
      text.append("\"stringValue\":");
      JsonString.append(text, (String) value);
    }
    text.append("}}");
  }
}
