package io.lockgate.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;

/** Makes the buffers of a test and knows which of them nobody has released. */
final class TestBuffers {
  private final List<ByteBuf> made = new ArrayList<>();

  ByteBuf of(String text) {
    ByteBuf buffer = ByteBufUtil.writeAscii(UnpooledByteBufAllocator.DEFAULT, text);
    made.add(buffer);
    return buffer;
  }

  long held() {
    return made.stream().filter(buffer -> buffer.refCnt() > 0).count();
  }
}
