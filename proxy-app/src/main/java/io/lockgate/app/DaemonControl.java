package io.lockgate.app;

import io.lockgate.admin.AdminSources.UpgradeResult;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/**
 * Turns signals, which come at any time on threads of the virtual machine, into orders that one
 * thread carries out one after the other: the one that called {@link #carryOut}.
 *
 * <pre>
 * STARTING --served--> SERVING --stop or upgrade--> STOPPING --second signal--> the process ends at once
 *     \--stop--> the process ends at once: nothing is in hand yet
 * </pre>
 */
final class DaemonControl {
  private static final int ENDED_BY_SIGNAL = 128;

  private final BlockingQueue<Order> orders = new LinkedBlockingQueue<>();
  private final AtomicReference<State> state = new AtomicReference<>(State.STARTING);
  private final AtomicReference<CompletableFuture<UpgradeResult>> upgrading =
      new AtomicReference<>();
  private final AtomicBoolean signalled = new AtomicBoolean();
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

  /** Asks for another process to take over; calls that come meanwhile get the same answer. */
  CompletableFuture<UpgradeResult> upgrade() {
    CompletableFuture<UpgradeResult> fresh = new CompletableFuture<>();
    CompletableFuture<UpgradeResult> asked =
        upgrading.updateAndGet(before -> before == null ? fresh : before);
    if (asked == fresh) {
      if (state.get() == State.SERVING) {
        orders.add(Order.UPGRADE);
      } else {
        answer(failed("this process does not serve"));
      }
    }
    return asked;
  }

  /** Whether somebody wants the process to end. */
  boolean stopping() {
    return state.get() == State.STOPPING;
  }

  private void answer(UpgradeResult result) {
    CompletableFuture<UpgradeResult> asked = upgrading.getAndSet(null);
    if (asked != null) {
      asked.complete(result);
    }
  }

  private static UpgradeResult failed(String why) {
    return new UpgradeResult(0, "", why);
  }

  /**
   * A signal that asks the process to end. The first one never cuts anything short, though the end
   * may have been asked for in another way before: who stops a service knows nothing of that.
   *
   * @param number of the signal; the exit code tells of a forced end as shells do, by 128 + number
   */
  void stopBySignal(int number) {
    boolean again = !signalled.compareAndSet(false, true);
    if (state.compareAndSet(State.SERVING, State.STOPPING)) {
      orders.add(Order.STOP);
    } else if (state.get() == State.STARTING) {
      endAtOnce.accept(ExitCode.GOOD);
    } else if (again) {
      endAtOnce.accept(ENDED_BY_SIGNAL + number);
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
        case UPGRADE -> {
          UpgradeResult result = by.upgrade();
          if (result.done()) {
            state.set(State.STOPPING);
          }
          answer(result);
          if (result.done()) {
            by.drain();
            return;
          }
        }
        case STOP -> {
          answer(failed("this process is about to end"));
          by.drain();
          return;
        }
      }
    }
  }

  /** What the running proxy does on an order; each blocks until it is done, but for a reload. */
  interface Orders {
    /** Begins it: a stop that comes meanwhile must not wait for responders and volumes. */
    void reload();

    void reopenLogs();

    /** Has another process take over; if one has, this one is to drain. */
    UpgradeResult upgrade() throws InterruptedException;

    void drain() throws InterruptedException;
  }

  private enum Order {
    RELOAD,
    REOPEN_LOGS,
    UPGRADE,
    STOP
  }

  private enum State {
    STARTING,
    SERVING,
    STOPPING
  }
}
