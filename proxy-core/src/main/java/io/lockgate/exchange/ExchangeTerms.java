package io.lockgate.exchange;

import io.lockgate.http.AsciiBytes;
import io.lockgate.http.FieldName;
import io.lockgate.http.FieldSection;
import io.lockgate.http.RequestHead;
import io.lockgate.limit.MemoryPressure;
import io.lockgate.loop.Loop;
import io.lockgate.upstream.UpstreamListener;

/**
 * What is the same for all exchanges of an event loop.
 *
 * @param requestIdField name of the field that carries the request id
 * @param requestIdText the same as text
 * @param requestIdName the same among the names that the proxy knows
 * @param trustRequestId whether an id that the client sent is kept
 */
public record ExchangeTerms(
    Loop loop,
    ExchangeListener listener,
    UpstreamListener upstreamListener,
    MemoryPressure memory,
    RequestIds requestIds,
    AsciiBytes requestIdField,
    String requestIdText,
    FieldName requestIdName,
    boolean trustRequestId,
    Tracer tracer) {

  /** Takes out what stands there in place of the id of this exchange. */
  void removeRequestId(FieldSection fields) {
    if (requestIdName == FieldName.OTHER) {
      fields.removeAll(requestIdText);
    } else {
      fields.removeAll(requestIdName);
    }
  }

  /** The id of a request: the client's own where that is believed and can be passed on. */
  AsciiBytes requestId(RequestHead head) {
    FieldSection fields = head.fields();
    int index = trustRequestId ? fields.find(requestIdText) : -1;
    if (index >= 0) {
      byte[] bytes = fields.bytes();
      int start = fields.valueStart(index);
      int end = fields.valueEnd(index);
      if (RequestIds.acceptable(bytes, start, end)) {
        return AsciiBytes.copyOf(bytes, start, end);
      }
    }
    return requestIds.next();
  }
}
