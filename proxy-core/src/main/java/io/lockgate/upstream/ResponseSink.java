package io.lockgate.upstream;

import io.lockgate.http.FieldName;
import io.lockgate.http.FieldSection;
import io.lockgate.http.ResponseHead;
import io.lockgate.http2.FieldSink;
import io.netty.util.AsciiString;

/** Takes header blocks of responses; the one head it has is filled anew by each. */
final class ResponseSink extends FieldSink {
  private final ResponseHead head = new ResponseHead();

  ResponseSink() {
    fill(head.fields());
  }

  ResponseSink begin() {
    head.clear();
    return this;
  }

  /** What the block decoded last says; valid until the next one. */
  ResponseHead head() {
    return head;
  }

  /** By which the codec tells interim responses; it is checked elsewhere. */
  @Override
  public CharSequence status() {
    FieldSection fields = head.fields();
    int at = fields.find(FieldName.PSEUDO_STATUS);
    return at < 0 ? "" : new AsciiString(fields.value(at));
  }
}
