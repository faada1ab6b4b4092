package io.lockgate.app.warmup;

import io.lockgate.config.model.RuntimeConfig.Transport;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the virtual machine compile what clients will need, while there are none: the first requests
 * after a start would otherwise pay for it, and wait. All of its threads belong to one group, of
 * the lowest priority, whose log nobody reads. Where it cannot work, nothing is lost but its use.
 */
public final class WarmUp implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

  /** The group of its threads. */
  public static final String GROUP = "lockgate-warm-up";

  /** Nobody is in a hurry who was not there in this time. */
  private static final Duration FIRST_QUIET = Duration.ofSeconds(1);

  /** How often it is looked whether anybody is there. */
  private static final Duration LOOK = Duration.ofMillis(500);

  /** Who always has clients is warm without it then, and who is not ready by then is too slow. */
  private static final Duration GIVEN_UP_AFTER = Duration.ofMinutes(5);

  /**
   * Who has served so much is being compiled for what its clients ask, and more would only keep the
   * compiler from that: a pause between two tests of load, say.
   */
  private static final int ENOUGH_SERVED = 2_000;

  private static final Duration END_PATIENCE = Duration.ofSeconds(5);

  private final Transport transport;
  private final Clock clock;
  private Optional<Thread> thread = Optional.empty();
  private volatile boolean ended;

  /** Does nothing yet; {@link #whenever} or {@link #atOnce} is to follow, once, on one thread. */
  public WarmUp(Transport transport, Clock clock) {
    this.transport = transport;
    this.clock = clock;
  }

  /** What it heeds. */
  private interface Heed {
    /** Waits until it may go on; returns whether there is to be a further round. */
    boolean waitFor() throws InterruptedException;

    /** Whether a round may go on. */
    boolean undisturbed();
  }

  /**
   * Whether it is of use here: not with one processor or without an optimizing compiler, and where
   * processor time is bounded it might use up what the first clients need.
   */
  public static boolean useful() {
    return Runtime.getRuntime().availableProcessors() > 1
        && optimizes()
        && !ProcessorQuota.ofProcess().exists();
  }

  private static boolean optimizes() {
    List<String> options = ManagementFactory.getRuntimeMXBean().getInputArguments();
    return options.stream()
        .noneMatch(
            option ->
                option.equals("-Xint")
                    || (option.startsWith("-XX:TieredStopAtLevel=") && !option.endsWith("=4")));
  }

  /**
   * Works in the background for as long as nobody is there, until clients have had it do the same.
   * Both are asked on a thread of the warm-up.
   *
   * @param deserted whether no client is connected
   * @param served connections and requests of clients since the start
   */
  public void whenever(BooleanSupplier deserted, LongSupplier served) {
    long until = System.nanoTime() + GIVEN_UP_AFTER.toNanos();
    Heed clients =
        new Heed() {
          @Override
          public boolean waitFor() throws InterruptedException {
            while (wanted()) {
              if (undisturbed()) {
                return true;
              }
              Thread.sleep(LOOK.toMillis());
            }
            return false;
          }

          private boolean wanted() {
            return System.nanoTime() - until < 0 && served.getAsLong() < ENOUGH_SERVED;
          }

          @Override
          public boolean undisturbed() {
            return deserted.getAsBoolean();
          }
        };
    begin(
        () -> {
          Thread.sleep(FIRST_QUIET.toMillis());
          run(clients);
        });
  }

  /** Returns when all is warm, or after {@code most}; for who does not serve yet. */
  public void atOnce(Duration most) throws InterruptedException {
    long until = System.nanoTime() + most.toNanos();
    Heed clock =
        new Heed() {
          @Override
          public boolean waitFor() {
            return undisturbed();
          }

          @Override
          public boolean undisturbed() {
            return System.nanoTime() < until;
          }
        };
    begin(() -> run(clock)).join(most.toMillis());
    close();
  }

  /** What may be interrupted. */
  private interface Work {
    void run() throws InterruptedException;
  }

  private Thread begin(Work work) {
    // Who is first to need a timer of Java's own gives it its thread, and that must be one of ours.
    new CompletableFuture<Void>().completeOnTimeout(null, 0, TimeUnit.NANOSECONDS);
    ThreadGroup group = new ThreadGroup(GROUP);
    group.setMaxPriority(Thread.MIN_PRIORITY);
    Thread begun =
        new Thread(
            group,
            () -> {
              try {
                work.run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            GROUP);
    begun.setDaemon(true);
    begun.start();
    thread = Optional.of(begun);
    return begun;
  }

  private void run(Heed heed) throws InterruptedException {
    if (ended || !heed.waitFor()) {
      return;
    }
    long begun = System.nanoTime();
    try (PrivateProxy proxy = PrivateProxy.start(transport, clock);
        PrivateLoad load = PrivateLoad.on(proxy)) {
      int round = 0;
      while (round < PrivateLoad.ROUNDS && !ended && heed.waitFor()) {
        if (load.round(heed::undisturbed)) {
          round++;
        }
      }
      LOG.debug("{} rounds within {} ms", round, (System.nanoTime() - begun) / 1_000_000);
    } catch (IOException | RuntimeException | LinkageError e) {
      tell(e.toString());
    }
  }

  private void tell(String why) {
    if (!ended) {
      LOG.info("no warm-up, first requests will take longer: {}", why);
    }
  }

  /** Ends it, however far it is. */
  @Override
  public void close() {
    ended = true;
    thread.ifPresent(WarmUp::end);
  }

  private static void end(Thread working) {
    working.interrupt(); // The connection that it waits for closes with that.
    try {
      working.join(END_PATIENCE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
