package io.lockgate.app;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Ends a step that takes longer than it may by closing its socket. A bound of each read would not
 * do: a server that sends octet by octet keeps every one of them. Of one thread, beside its timer.
 */
final class StepBound implements AutoCloseable {
  private final Duration most;
  private final ScheduledThreadPoolExecutor timer;
  private Optional<ScheduledFuture<?>> running = Optional.empty();
  private volatile boolean over;

  StepBound(Duration most) {
    this.most = most;
    this.timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "lockgate-probe-timer");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** A step begins, and the one before has ended. */
  void begin(Socket socket) {
    end();
    running =
        Optional.of(timer.schedule(() -> cut(socket), most.toMillis(), TimeUnit.MILLISECONDS));
  }

  private void cut(Socket socket) {
    over = true;
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed all the same.
    }
  }

  /** The last step has ended. */
  void end() {
    running.ifPresent(step -> step.cancel(false));
    running = Optional.empty();
  }

  /** Whether a step was ended because of its length. */
  boolean over() {
    return over;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
