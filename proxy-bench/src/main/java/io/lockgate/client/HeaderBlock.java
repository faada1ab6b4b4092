package io.lockgate.client;

import io.lockgate.http.AsciiBytes;
import io.lockgate.http.Method;
import io.lockgate.http.ResponseHead;
import io.netty.buffer.ByteBuf;

/**
 * Lets benchmarks at the encoder of header blocks, which nobody else outside its package needs and
 * which therefore is not public.
 */
public final class HeaderBlock {
  private final HpackEncoder encoder = new HpackEncoder();

  public void write(ByteBuf out, ResponseHead head, Method request, AsciiBytes date) {
    encoder.encode(out, head, request, date);
  }
}
