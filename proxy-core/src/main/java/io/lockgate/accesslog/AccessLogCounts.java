package io.lockgate.accesslog;

import java.util.concurrent.atomic.LongAdder;

/** What went wrong in all access logs of the process, through every reload. */
public final class AccessLogCounts {
  private final LongAdder dropped = new LongAdder();
  private final LongAdder writeErrors = new LongAdder();

  /** Lines lost because the writer fell behind. */
  public long dropped() {
    return dropped.sum();
  }

  /** Writes, each of one or more lines, that the system refused. */
  public long writeErrors() {
    return writeErrors.sum();
  }

  void lineDropped() {
    dropped.increment();
  }

  void writeFailed() {
    writeErrors.increment();
  }
}
