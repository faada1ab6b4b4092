package io.lockgate.app;

import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Orders a reload when files have changed and then stayed the same for a while, so that a
 * certificate and its key, written one after the other, are taken together. Looks again and again
 * instead of being told: the kernel tells nothing of what is behind links and on volumes of the
 * network. On a thread of its own, since a volume may hang.
 */
final class FileWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FileWatch.class);
  private static final Duration AT_LEAST = Duration.ofSeconds(1);

  /** Of the time, one part in so many goes into looking, however many files there are. */
  private static final int SHARE = 50;

  private final Supplier<Set<Path>> watched;
  private final BooleanSupplier reload;
  private final Thread thread;
  private FileState acted = new FileState(Map.of());
  private FileState before = acted;

  /**
   * A watch that has not begun.
   *
   * @param watched asked before each look, as a reload may bring other files
   * @param reload does not return before it is done; false if the files were not looked at, so that
   *     it has to be asked for again
   */
  FileWatch(Supplier<Set<Path>> watched, BooleanSupplier reload) {
    this.watched = watched;
    this.reload = reload;
    this.thread = new Thread(this::watch, "lockgate-files");
    thread.setDaemon(true);
  }

  /**
   * Begins with the files as they are now. Where one was changed since what serves was read, that
   * is as good as a change later on.
   *
   * @param readAt when reading what serves now had not begun
   */
  void start(FileTime readAt) {
    begin(readAt);
    thread.start();
  }

  void begin(FileTime readAt) {
    before = FileState.of(watched.get());
    acted = before.changedSince(readAt) ? new FileState(Map.of()) : before;
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void watch() {
    Duration pause = AT_LEAST;
    try {
      while (true) {
        Thread.sleep(pause.toMillis());
        long began = System.nanoTime();
        look();
        Duration share = Duration.ofNanos(System.nanoTime() - began).multipliedBy(SHARE);
        pause = share.compareTo(AT_LEAST) < 0 ? AT_LEAST : share;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One look; two that saw the same are needed for a reload. */
  void look() {
    try {
      Set<Path> names = watched.get();
      FileState now = FileState.of(names);
      boolean settled = now.equals(before);
      before = now;
      if (settled && !now.equals(acted)) {
        boolean done = reload.getAsBoolean();
        if (done) {
          acted = now;
        }
        Set<Path> namesNow = watched.get();
        if (done && !namesNow.equals(names)) {
          // The reload has just read what it names in addition.
          acted = FileState.of(namesNow);
          before = acted;
        }
      }
    } catch (RuntimeException e) {
      LOG.error("looking after the configuration's files failed", e);
    }
  }
}
