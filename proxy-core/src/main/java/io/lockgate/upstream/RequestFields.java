package io.lockgate.upstream;

import io.lockgate.http.HeadWriter;
import io.lockgate.http2.OutgoingFields;

/** Carries a request's head to the encoder of header blocks. One per connection. */
final class RequestFields extends OutgoingFields {
  private static final int FIELD_OVERHEAD = 32;

  private final boolean https;
  private OutboundRequest request;
  private long measured;

  /**
   * @param https whether the connection is TLS
   */
  RequestFields(boolean https) {
    this.https = https;
  }

  RequestFields fill(OutboundRequest next) {
    request = next;
    return this;
  }

  /** In octets, as SETTINGS_MAX_HEADER_LIST_SIZE has it (RFC 9113 section 6.5.2). */
  long listSize() {
    measured = 0;
    tell(this::measure);
    return measured;
  }

  private void measure(byte[] bytes, int name, int nameEnd, int value, int valueEnd) {
    measured += FIELD_OVERHEAD + (nameEnd - name) + (valueEnd - value);
  }

  @Override
  protected void tell(HeadWriter.FieldVisitor visitor) {
    request.visitHttp2Head(https, visitor);
  }

  @Override
  public int size() {
    return 1;
  }
}
