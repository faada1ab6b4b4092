package io.lockgate.client;

import io.lockgate.http.AsciiBytes;
import io.lockgate.http.Method;
import io.lockgate.http.ResponseHead;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.util.AsciiString;

/**
 * Carries a response head through Netty's HTTP/2 encoder to {@link HpackEncoder} without an object
 * per field. The encoder looks at the status alone. One per connection, filled anew for each head
 * that is written at once.
 */
final class ResponseFields extends DefaultHttp2Headers {
  private static final AsciiString[] STATUSES = new AsciiString[1000];

  static {
    for (int status = 100; status < 1000; status++) {
      STATUSES[status] = new AsciiString(Integer.toString(status));
    }
  }

  private ResponseHead response;
  private Method request;
  private AsciiBytes date;

  ResponseFields() {
    super(false, 1);
  }

  ResponseFields fill(ResponseHead newHead, Method newRequest, AsciiBytes newDate) {
    response = newHead;
    request = newRequest;
    date = newDate;
    return this;
  }

  ResponseHead head() {
    return response;
  }

  Method request() {
    return request;
  }

  AsciiBytes date() {
    return date;
  }

  @Override
  public CharSequence status() {
    return STATUSES[response.status()];
  }

  @Override
  public int size() {
    return response.fields().liveCount() + 1;
  }

  @Override
  public boolean isEmpty() {
    return false;
  }
}
