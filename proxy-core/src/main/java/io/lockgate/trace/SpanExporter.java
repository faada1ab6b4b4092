package io.lockgate.trace;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

  private final String version;
  private final Duration timeout;
  private final Duration period;
  private final ConcurrentLinkedQueue<Span> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger count = new AtomicInteger();
  private final LongAdder sent = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final LongAdder failed = new LongAdder();

  /** Of the exporter's thread. */
  private HttpClient client;

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
    this.version = version;
    this.timeout = timeout;
    this.period = period;
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
      List<Span> batch = take();
      while (!batch.isEmpty()) {
        post(batch);
        batch = take();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
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

  private void post(List<Span> batch) throws InterruptedException {
    if (client == null) {
      client =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(timeout)
              .build();
    }
    URI endpoint = batch.get(0).endpoint();
    CompletableFuture<HttpResponse<Void>> answer =
        client.sendAsync(request(endpoint, batch), HttpResponse.BodyHandlers.discarding());
    try {
      int status = answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS).statusCode();
      if (status / 100 == 2) {
        sent.add(batch.size());
      } else {
        refused(batch, endpoint, "status " + status);
      }
    } catch (ExecutionException e) {
      refused(batch, endpoint, String.valueOf(e.getCause()));
    } catch (TimeoutException e) {
      answer.cancel(true);
      refused(batch, endpoint, "no answer in time");
    }
  }

  private HttpRequest request(URI endpoint, List<Span> batch) {
    String text = OtlpText.json(batch, version);
    return HttpRequest.newBuilder(endpoint)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(text, StandardCharsets.US_ASCII))
        .build();
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
