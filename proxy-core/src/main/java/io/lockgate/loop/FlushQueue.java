package io.lockgate.loop;

import java.util.ArrayList;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Flushes once per turn of the event loop whatever was written in that turn: answers of several
 * upstream connections to one HTTP/2 client leave in one TLS record and one system call. Used by
 * its loop only.
 */
public final class FlushQueue implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(FlushQueue.class);

  private final Executor executor;
  private ArrayList<Flushable> dirty = new ArrayList<>();
  private ArrayList<Flushable> flushing = new ArrayList<>();
  private boolean scheduled;

  public FlushQueue(Executor executor) {
    this.executor = executor;
  }

  /** Something that holds written but unflushed octets. */
  public interface Flushable {
    /** Called once for every {@link FlushQueue#later}, at the end of the turn. */
    void flushNow();
  }

  /** Flushes at the end of this turn. The caller keeps itself from asking twice. */
  public void later(Flushable flushable) {
    dirty.add(flushable);
    if (!scheduled) {
      scheduled = true;
      executor.execute(this);
    }
  }

  @Override
  public void run() {
    scheduled = false;
    ArrayList<Flushable> batch = dirty;
    dirty = flushing;
    flushing = batch;
    for (int i = 0; i < batch.size(); i++) {
      try {
        batch.get(i).flushNow();
      } catch (RuntimeException e) {
        // A fault of one connection must not keep the octets of the others back.
        LOG.error("a connection could not be flushed", e);
      }
    }
    batch.clear();
  }
}
