package io.lockgate.http2;

import io.lockgate.http.HeadWriter;
import io.netty.handler.codec.http2.DefaultHttp2Headers;

/**
 * Carries a head through Netty's HTTP/2 encoder to {@link HpackEncoder} without an object per
 * field. Filled anew for each head, which is written at once.
 */
public abstract class OutgoingFields extends DefaultHttp2Headers {
  protected OutgoingFields() {
    super(false, 1);
  }

  /** Tells every field, pseudo-fields first. */
  protected abstract void tell(HeadWriter.FieldVisitor visitor);

  @Override
  public boolean isEmpty() {
    return false;
  }
}
