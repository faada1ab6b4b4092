package io.lockgate.trace;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends spans to a collector: what event loops offer waits in a bounded queue, and a thread of its
 * own posts it every five seconds, or sooner where a whole post waits, one post after the other:
 * each costs far more than a span in it. What finds no room, and what the collector does not take,
 * is counted and gone: tracing never slows a request.
 */
final class SpanExporter implements AutoCloseable {
  static final int MOST_WAITING = 4_096;
  static final int MOST_IN_A_POST = 512;

  /** How long a span waits, unless many do. */
  static final Duration PERIOD = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(SpanExporter.class);
  private static final long COMPLAINT_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Duration timeout;
  private final Duration period;
  private final ConcurrentLinkedQueue<Span> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger count = new AtomicInteger();
  private final LongAdder sent = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final LongAdder failed = new LongAdder();

  // Of the exporter's thread.
  private final OtlpText text;
  private final CollectorClient client;
  private long complained;

  /** Written under this. */
  private volatile Optional<Thread> thread = Optional.empty();

  private volatile boolean closed;

  /**
   * @param timeout of a post, from its beginning to the end of the answer
   */
  SpanExporter(String version, Duration timeout) {
    this(version, timeout, PERIOD);
  }

  /**
   * @param period how long a span may wait
   */
  SpanExporter(String version, Duration timeout, Duration period) {
    this.timeout = timeout;
    this.period = period;
    this.text = new OtlpText(version);
    this.client = new CollectorClient(version, timeout);
  }

  /** Makes sure that somebody sends what is offered; called when a configuration wants tracing. */
  synchronized void start() {
    if (thread.isEmpty() && !closed) {
      Thread own = new Thread(this::run, "lockgate-traces");
      own.setDaemon(true);
      own.start();
      thread = Optional.of(own);
    }
  }

  private void run() {
    boolean last;
    do {
      last = closed; // Before it sends: what was offered before the end is still sent.
      send();
      // Looked at once more: a post under way has used up the call that was to wake us.
      if (!last && !closed) {
        LockSupport.parkNanos(this, period.toNanos());
      }
    } while (!last && !Thread.currentThread().isInterrupted());
    client.close();
  }

  /** On any thread; never blocks. */
  void offer(Span span) {
    int waits = count.incrementAndGet();
    if (waits > MOST_WAITING) {
      count.decrementAndGet();
      dropped.increment();
      return;
    }
    waiting.add(span);
    if (waits % MOST_IN_A_POST == 0) {
      thread.ifPresent(LockSupport::unpark);
    }
  }

  private void send() {
    try {
      List<Span> batch;
      do {
        batch = take();
        if (!batch.isEmpty()) {
          post(batch);
        }
      } while (!batch.isEmpty() && !Thread.currentThread().isInterrupted());
    } catch (RuntimeException e) {
      LOG.error("spans could not be sent", e); // Thrown further, it would end the thread for good.
    }
  }

  /** Spans for one collector. */
  private List<Span> take() {
    List<Span> batch = new ArrayList<>();
    Span next = waiting.peek();
    while (next != null && batch.size() < MOST_IN_A_POST && fits(next, batch)) {
      batch.add(waiting.remove());
      count.decrementAndGet();
      next = waiting.peek();
    }
    return batch;
  }

  private static boolean fits(Span next, List<Span> batch) {
    return batch.isEmpty()
        || (next.endpoint().equals(batch.get(0).endpoint())
            && next.service().equals(batch.get(0).service()));
  }

  private void post(List<Span> batch) {
    URI endpoint = batch.get(0).endpoint();
    try {
      int status = client.post(endpoint, text.write(batch));
      if (status / 100 == 2) {
        sent.add(batch.size());
      } else {
        refused(batch, endpoint, "status " + status);
      }
    } catch (IOException | RuntimeException e) {
      refused(batch, endpoint, e.toString());
    }
  }

  private void refused(List<Span> batch, URI endpoint, String why) {
    failed.add(batch.size());
    long now = System.nanoTime();
    if (complained == 0 || now - complained > COMPLAINT_NANOS) {
      complained = now;
      LOG.warn("{} spans were not taken by {}: {}", batch.size(), endpoint.getHost(), why);
    }
  }

  long sent() {
    return sent.sum();
  }

  long dropped() {
    return dropped.sum();
  }

  long failed() {
    return failed.sum();
  }

  /** Sends what waits, for as long as one post may take. */
  @Override
  public void close() {
    Optional<Thread> own;
    synchronized (this) {
      closed = true;
      own = thread;
      thread = Optional.empty();
    }
    own.ifPresent(this::end);
  }

  private void end(Thread own) {
    LockSupport.unpark(own);
    try {
      own.join(timeout.toMillis() + 100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    own.interrupt(); // No effect where it has ended.
  }
}
