package io.lockgate.app;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/**
 * Turns signals, which come at any time on threads of the virtual machine, into orders that one
 * thread carries out one after the other: the one that called {@link #carryOut}.
 *
 * <pre>
 * STARTING --served--> SERVING --first stop--> STOPPING --second stop--> the process ends at once
 *     \--stop--> the process ends at once: nothing is in hand yet
 * </pre>
 */
final class DaemonControl {
  private static final int ENDED_BY_SIGNAL = 128;

  private final BlockingQueue<Order> orders = new LinkedBlockingQueue<>();
  private final AtomicReference<State> state = new AtomicReference<>(State.STARTING);
  private final IntConsumer endAtOnce;

  /**
   * @param endAtOnce ends the process with the given exit code and does not return
   */
  DaemonControl(IntConsumer endAtOnce) {
    this.endAtOnce = endAtOnce;
  }

  void reload() {
    orders.add(Order.RELOAD);
  }

  void reopenLogs() {
    orders.add(Order.REOPEN_LOGS);
  }

  /**
   * A signal that asks the process to end.
   *
   * @param number of the signal; the exit code tells of a forced end as shells do, by 128 + number
   */
  void stopBySignal(int number) {
    if (state.compareAndSet(State.SERVING, State.STOPPING)) {
      orders.add(Order.STOP);
    } else {
      boolean forced = state.get() == State.STOPPING;
      endAtOnce.accept(forced ? ENDED_BY_SIGNAL + number : ExitCode.GOOD);
    }
  }

  /** Asks for the same end as the first signal; asked again, it changes nothing. */
  void stop() {
    if (state.compareAndSet(State.SERVING, State.STOPPING)) {
      orders.add(Order.STOP);
    }
  }

  /** From now on a stop drains; call it before telling anybody that the daemon serves. */
  void served() {
    state.compareAndSet(State.STARTING, State.SERVING);
  }

  /** Carries out orders until the one to stop has been carried out. */
  void carryOut(Orders by) throws InterruptedException {
    while (true) {
      switch (orders.take()) {
        case RELOAD -> by.reload();
        case REOPEN_LOGS -> by.reopenLogs();
        case STOP -> {
          by.drain();
          return;
        }
      }
    }
  }

  /** What the running proxy does on an order; each blocks until it is done. */
  interface Orders {
    void reload();

    void reopenLogs();

    void drain() throws InterruptedException;
  }

  private enum Order {
    RELOAD,
    REOPEN_LOGS,
    STOP
  }

  private enum State {
    STARTING,
    SERVING,
    STOPPING
  }
}
