package io.lockgate.accesslog;

import io.lockgate.config.model.AccessLogConfig.Format;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that makes lines of what all event loops have recorded, and writes them. While there
 * is traffic it looks every now and then, and sooner only where a ring fills: every look costs as
 * much as some hundred lines, mostly for falling asleep and waking. So a write carries many lines,
 * and no event loop pays for waking it; without traffic it sleeps until the first line. A write
 * that fails is counted, logged once until writing works again, and its lines are lost.
 */
final class LogWriter implements Runnable {
  /**
   * Nothing orders a line before the look at {@code asleep} for certain, so no sleep is for ever.
   */
  private static final long LONGEST_SLEEP_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);

  /** Between the first two looks; the pauses grow while there is something to write each time. */
  private static final Duration PAUSE = Duration.ofMillis(100);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final byte[] NEW_LINE = {10};

  private final List<RecordRing> rings;
  private final LogTarget target;
  private final AccessLogCounts counts;
  private final Format format;
  private final long pauseNanos;
  private final long longestPauseNanos;
  private final Thread thread;
  private final AtomicReference<CompletableFuture<Void>> reopening = new AtomicReference<>();
  private volatile boolean asleep;
  private volatile boolean closing;
  private boolean failing;
  private long asleepSince;
  private LinesOut lines;
  private long nextPauseNanos;

  LogWriter(List<RecordRing> rings, Format format, LogTarget target, AccessLogCounts counts) {
    this(rings, format, target, counts, PAUSE);
  }

  /**
   * @param pause between two looks at rings of which none fills
   */
  LogWriter(
      List<RecordRing> rings,
      Format format,
      LogTarget target,
      AccessLogCounts counts,
      Duration pause) {
    this.rings = rings;
    this.target = target;
    this.counts = counts;
    this.format = format;
    this.pauseNanos = pause.toNanos();
    this.longestPauseNanos = Math.max(pauseNanos, LONGEST_PAUSE.toNanos());
    this.nextPauseNanos = pauseNanos;
    this.thread = new Thread(this, "lockgate-access-log");
    thread.setDaemon(true); // a disk that hangs must not keep the process alive
  }

  /** Memory is asked for here: who opens a log is told if there is none. */
  void start() {
    lines = new LinesOut(LineFormat.of(format), counts, this::write);
    thread.start();
  }

  /** From an event loop, after it published a line. */
  void wake() {
    if (asleep) {
      asleep = false;
      LockSupport.unpark(thread);
    }
  }

  /** From an event loop whose ring fills: the next look must not wait for the end of the pause. */
  void hurry() {
    LockSupport.unpark(thread);
  }

  CompletionStage<Void> reopen() {
    CompletableFuture<Void> request =
        reopening.updateAndGet(waiting -> waiting == null ? new CompletableFuture<>() : waiting);
    asleep = false;
    LockSupport.unpark(thread);
    if (!thread.isAlive()) {
      request.complete(null);
    }
    return request;
  }

  void close() {
    closing = true;
    asleep = false;
    LockSupport.unpark(thread);
    try {
      thread.join(PATIENCE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void run() {
    boolean last;
    do {
      last = closing; // before the round: what came before close() is still written in it
      CompletableFuture<Void> request = reopening.getAndSet(null);
      boolean wrote = drain();
      if (request != null) {
        reopenTarget();
        request.complete(null);
      }
      if (!last) {
        pause(wrote);
      }
    } while (!last);
    closeTarget();
  }

  private boolean drain() {
    boolean any = false;
    for (RecordRing ring : rings) {
      any |= ring.drainTo(lines);
    }
    lines.flush();
    return any;
  }

  private void write(ByteBuffer lines) {
    try {
      if (failing) {
        target.write(ByteBuffer.wrap(NEW_LINE)); // half a line may stand at the end of the file
      }
      target.write(lines);
      if (failing) {
        failing = false;
        LOG.info("the access log can be written again");
      }
    } catch (IOException e) {
      failed(e);
    }
  }

  private void reopenTarget() {
    try {
      target.reopen();
    } catch (IOException e) {
      counts.writeFailed();
      LOG.error("the access log cannot be reopened and stays where it was: {}", e.toString());
    }
  }

  private void failed(IOException e) {
    counts.writeFailed();
    if (!failing) {
      LOG.error("the access log cannot be written: {}; lines are lost until it can", e.toString());
      failing = true;
    }
  }

  /**
   * Without traffic it says that it sleeps, looks again after a whole pause, and sleeps only if
   * there is still nothing. For an event loop does not wait until its line can be seen before it
   * looks whether to wake anybody, as that would cost every line a fence; a pause later it has long
   * been seen.
   */
  private void pause(boolean wrote) {
    long now = System.nanoTime();
    if (wrote) {
      asleep = false;
      LockSupport.parkNanos(this, nextPauseNanos);
      nextPauseNanos = Math.min(2 * nextPauseNanos, longestPauseNanos);
    } else if (!asleep) {
      asleep = true;
      asleepSince = now;
      nextPauseNanos = pauseNanos;
      LockSupport.parkNanos(this, pauseNanos);
    } else if (now - asleepSince < pauseNanos) {
      LockSupport.parkNanos(this, pauseNanos - (now - asleepSince));
    } else if (!closing && reopening.get() == null) {
      LockSupport.parkNanos(this, LONGEST_SLEEP_NANOS);
    }
  }

  private void closeTarget() {
    try {
      target.close();
    } catch (IOException e) {
      failed(e);
    }
    CompletableFuture<Void> request = reopening.getAndSet(null);
    if (request != null) {
      request.complete(null);
    }
  }
}
