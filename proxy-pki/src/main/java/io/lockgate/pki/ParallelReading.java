package io.lockgate.pki;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Loads many certificates with several threads that end before it returns. */
final class ParallelReading {
  private ParallelReading() {}

  /** The outcomes in the order of the requests. */
  static List<PairOutcome> of(
      List<PairRequest> requests, Function<PairRequest, PairOutcome> load, int threads) {
    PairOutcome[] outcomes = new PairOutcome[requests.size()];
    AtomicInteger next = new AtomicInteger();
    Runnable worker =
        () -> {
          for (int i = next.getAndIncrement(); i < outcomes.length; i = next.getAndIncrement()) {
            outcomes[i] = load.apply(requests.get(i));
          }
        };
    int helpers = Math.min(threads, requests.size()) - 1;
    if (helpers <= 0) {
      worker.run();
    } else {
      runWithHelp(worker, helpers);
    }
    return Arrays.asList(outcomes);
  }

  private static void runWithHelp(Runnable worker, int helpers) {
    ExecutorService executor =
        Executors.newFixedThreadPool(
            helpers,
            task -> {
              Thread thread = new Thread(task, "lockgate-certificate-reader");
              thread.setDaemon(true);
              return thread;
            });
    try {
      List<Future<?>> helping = new ArrayList<>();
      for (int i = 0; i < helpers; i++) {
        helping.add(executor.submit(worker));
      }
      worker.run();
      for (Future<?> helper : helping) {
        helper.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while certificates were read", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a certificate could not be read", e.getCause());
    } finally {
      executor.shutdownNow();
    }
  }
}
