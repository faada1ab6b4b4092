package io.lockgate.staple;

/** What stapling runs on. Made to be replaced by tests. */
public interface StaplingThreads extends AutoCloseable {

  /** Runs a task that blocks on the network or the disk, soon and beside others. */
  void execute(Runnable task);

  /** Has a task run about once a second; asked again, nothing more. */
  void everySecond(Runnable task);

  /** Nothing more is begun. */
  @Override
  void close();
}
