package io.lockgate.proxy;

import io.lockgate.client.ClientLoop;
import io.lockgate.limit.MemoryWatch;
import io.lockgate.loop.Loop;
import io.lockgate.metrics.LoopMetrics;
import io.netty.buffer.PooledByteBufAllocator;

/** What one event loop does where memory runs short. Called from the watch's thread. */
record LoopRelief(Loop loop, ClientLoop clients, LoopMetrics counted)
    implements MemoryWatch.Relief {
  @Override
  public void throttle(boolean on) {
    loop.executor()
        .execute(
            () -> {
              clients.throttle(on);
              PooledByteBufAllocator.DEFAULT.trimCurrentThreadCache();
            });
  }

  @Override
  public void free(long bytes, Runnable done) {
    loop.executor()
        .execute(
            () -> {
              counted.closedForMemory(clients.free(bytes));
              PooledByteBufAllocator.DEFAULT.trimCurrentThreadCache();
              done.run();
            });
  }
}
