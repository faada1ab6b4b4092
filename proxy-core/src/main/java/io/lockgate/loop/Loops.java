package io.lockgate.loop;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** All event loops of the process. Made once at start; safe to use from any thread. */
public final class Loops implements AutoCloseable {
  private final Transport transport;
  private final MultiThreadIoEventLoopGroup group;
  private final List<Loop> loops;

  private Loops(Transport transport, MultiThreadIoEventLoopGroup group, List<Loop> loops) {
    this.transport = transport;
    this.group = group;
    this.loops = loops;
  }

  /**
   * Starts {@code count} loops.
   *
   * @param count 0 means one per processor
   */
  public static Loops start(Transport transport, int count) {
    int threads = count == 0 ? Runtime.getRuntime().availableProcessors() : count;
    var group =
        new MultiThreadIoEventLoopGroup(
            threads, new DefaultThreadFactory("lockgate-loop"), transport.newIoHandlers());
    List<Loop> loops = new ArrayList<>(threads);
    for (int i = 0; i < threads; i++) {
      loops.add(new Loop(i, (EventLoop) group.next()));
    }
    return new Loops(transport, group, List.copyOf(loops));
  }

  public Transport transport() {
    return transport;
  }

  public List<Loop> all() {
    return loops;
  }

  public int count() {
    return loops.size();
  }

  /** All loops in turn, for connections that may be given to any. */
  public EventLoopGroup everyLoop() {
    return group;
  }

  /** What belongs to an event loop of these. */
  public Loop of(EventLoop executor) {
    for (Loop loop : loops) {
      if (loop.executor() == executor) {
        return loop;
      }
    }
    throw new IllegalArgumentException("an event loop of somebody else");
  }

  /**
   * Runs {@code task} once every loop has ended the turn it is in now. What a loop could reach
   * before the call and cannot reach any more is unused by then, without a reference count per
   * request. The task runs on the loop that came last.
   */
  public void afterBarrier(Runnable task) {
    AtomicInteger left = new AtomicInteger(loops.size());
    for (Loop loop : loops) {
      loop.executor()
          .execute(
              () -> {
                if (left.decrementAndGet() == 0) {
                  task.run();
                }
              });
    }
  }

  /** Stops the loops; whatever connection is left is cut. Not to be called from a loop. */
  @Override
  public void close() {
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
  }
}
