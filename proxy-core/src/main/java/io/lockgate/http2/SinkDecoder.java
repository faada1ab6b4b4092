package io.lockgate.http2;

import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.function.Supplier;

/** Decodes header blocks into a connection's sink; all checking is for whoever reads the sink. */
public final class SinkDecoder extends DefaultHttp2HeadersDecoder {
  private final Supplier<? extends FieldSink> begin;

  /**
   * @param begin makes the sink ready for another block
   */
  public SinkDecoder(long maxHeaderListSize, Supplier<? extends FieldSink> begin) {
    super(false, maxHeaderListSize);
    this.begin = begin;
  }

  @Override
  protected Http2Headers newHeaders() {
    return begin.get();
  }
}
