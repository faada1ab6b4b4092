package io.lockgate.loop;

import io.netty.channel.ChannelHandlerContext;
import java.util.ArrayList;
import java.util.concurrent.Executor;

/**
 * Flushes once per turn of the event loop whatever was written in that turn: answers of several
 * upstream connections to one HTTP/2 client leave in one TLS record and one system call. Used by
 * its loop only.
 */
public final class FlushQueue implements Runnable {
  private final Executor executor;
  private ArrayList<ChannelHandlerContext> dirty = new ArrayList<>();
  private ArrayList<ChannelHandlerContext> flushing = new ArrayList<>();
  private boolean scheduled;

  public FlushQueue(Executor executor) {
    this.executor = executor;
  }

  /** Flushes {@code context} at the end of this turn. The caller keeps itself from asking twice. */
  public void later(ChannelHandlerContext context) {
    dirty.add(context);
    if (!scheduled) {
      scheduled = true;
      executor.execute(this);
    }
  }

  @Override
  public void run() {
    scheduled = false;
    ArrayList<ChannelHandlerContext> batch = dirty;
    dirty = flushing;
    flushing = batch;
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).flush();
    }
    batch.clear();
  }
}
