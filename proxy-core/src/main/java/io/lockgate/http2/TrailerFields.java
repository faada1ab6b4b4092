package io.lockgate.http2;

import io.lockgate.http.FieldSection;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Locale;

/** Copies a trailer section for Netty's encoder: it may have to wait for flow control. Pure. */
public final class TrailerFields {
  private TrailerFields() {}

  public static Http2Headers of(FieldSection trailers) {
    Http2Headers headers = new DefaultHttp2Headers(false, trailers.count());
    for (int i = 0; i < trailers.count(); i++) {
      if (!trailers.isRemoved(i)) {
        headers.add(
            new AsciiString(trailers.name(i).toLowerCase(Locale.ROOT)),
            new AsciiString(trailers.value(i)));
      }
    }
    return headers;
  }
}
