package io.lockgate.pki;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Loads many certificates with several threads that end before it returns. An outcome without a
 * fault is kept without an object of its own, since there are very many.
 */
final class ParallelReading {
  private final List<PairRequest> requests;
  private final LoadedPair[] pairs;
  private final CertificateFileException[] faults;

  private ParallelReading(List<PairRequest> requests) {
    this.requests = requests;
    this.pairs = new LoadedPair[requests.size()];
    this.faults = new CertificateFileException[requests.size()];
  }

  static ParallelReading of(
      List<PairRequest> requests, Function<PairRequest, PairOutcome> load, int threads) {
    ParallelReading reading = new ParallelReading(requests);
    reading.read(load, threads);
    return reading;
  }

  /** The outcomes in the order of the requests. */
  void forEach(BiConsumer<PairRequest, PairOutcome> action) {
    for (int i = 0; i < pairs.length; i++) {
      action.accept(
          requests.get(i),
          new PairOutcome(Optional.ofNullable(pairs[i]), Optional.ofNullable(faults[i])));
    }
  }

  private void read(Function<PairRequest, PairOutcome> load, int threads) {
    AtomicInteger next = new AtomicInteger();
    Runnable worker =
        () -> {
          for (int i = next.getAndIncrement(); i < pairs.length; i = next.getAndIncrement()) {
            PairOutcome outcome = load.apply(requests.get(i));
            pairs[i] = outcome.pair().orElse(null);
            faults[i] = outcome.fault().orElse(null);
          }
        };
    int helpers = Math.min(threads, requests.size()) - 1;
    if (helpers <= 0) {
      worker.run();
    } else {
      runWithHelp(worker, helpers);
    }
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
