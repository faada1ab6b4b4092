package io.lockgate.upstream;

import io.lockgate.http.HeadWriter;
import io.lockgate.http2.OutgoingFields;

/** Carries a request's head to the encoder of header blocks. One per connection. */
final class RequestFields extends OutgoingFields {
  private final boolean https;
  private OutboundRequest request;

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

  @Override
  protected void tell(HeadWriter.FieldVisitor visitor) {
    request.visitHttp2Head(https, visitor);
  }

  @Override
  public int size() {
    return 1;
  }
}
