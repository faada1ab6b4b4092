package io.lockgate.client;

import io.lockgate.http.AsciiBytes;
import io.lockgate.http.HeadWriter;
import io.lockgate.http.Method;
import io.lockgate.http.ResponseHead;
import io.lockgate.http2.OutgoingFields;
import io.netty.util.AsciiString;

/**
 * Carries a response head through Netty's HTTP/2 encoder. The encoder looks at the status alone.
 * One per connection, filled anew for each head that is written at once.
 */
final class ResponseFields extends OutgoingFields {
  private static final AsciiString[] STATUSES = new AsciiString[1000];

  static {
    for (int status = 100; status < 1000; status++) {
      STATUSES[status] = new AsciiString(Integer.toString(status));
    }
  }

  private ResponseHead response;
  private Method request;
  private AsciiBytes date;

  ResponseFields fill(ResponseHead newHead, Method newRequest, AsciiBytes newDate) {
    response = newHead;
    request = newRequest;
    date = newDate;
    return this;
  }

  @Override
  protected void tell(HeadWriter.FieldVisitor visitor) {
    HeadWriter.visitResponse(response, request, date, visitor);
  }

  @Override
  public CharSequence status() {
    return STATUSES[response.status()];
  }

  @Override
  public int size() {
    return response.fields().liveCount() + 1;
  }
}
