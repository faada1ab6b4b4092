package io.lockgate.proxy;

import io.lockgate.config.model.TlsConfig.Tickets;
import io.lockgate.loop.Loops;
import io.lockgate.ticket.TicketSecrets;
import io.lockgate.ticket.TicketSource;
import io.lockgate.ticket.TicketSourceException;
import io.lockgate.ticket.TicketSources;
import io.lockgate.tls.ContextCache;
import io.lockgate.tls.TicketKeys;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the ticket keys follow their source: by the clock, by what other processes do, on request and
 * on reload. On a thread of its own, because a source may be a volume that hangs; methods may be
 * called from any thread but an event loop. Whoever asks a source holds its monitor, and no other
 * lock: a reload that brings another source, and a hand-over, do not wait for a volume.
 */
final class TicketRotation implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TicketRotation.class);
  private static final long PATIENCE_SECONDS = 10;

  private final TicketSources sources;
  private final TicketKeys keys;
  private final ContextCache contexts;
  private final Loops loops;
  private final Clock clock;
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "lockgate-tickets");
            thread.setDaemon(true);
            return thread;
          });
  private volatile TicketSource source;
  private String complaint = "";

  /**
   * @param source what the keys follow from the start
   */
  TicketRotation(
      TicketSources sources,
      TicketSource source,
      TicketKeys keys,
      ContextCache contexts,
      Loops loops,
      Clock clock) {
    this.sources = sources;
    this.source = source;
    this.keys = keys;
    this.contexts = contexts;
    this.loops = loops;
    this.clock = clock;
  }

  void start() {
    executor.scheduleAtFixedRate(this::everySecond, 1, 1, TimeUnit.SECONDS);
  }

  private void everySecond() {
    try {
      look();
    } catch (RuntimeException e) {
      // Thrown on, it would silently end all further runs.
      LOG.error("looking after the session ticket keys failed", e);
    }
  }

  /** One look at the source; what it cannot tell leaves the keys as they are. */
  void look() {
    TicketSource asked = source;
    synchronized (asked) {
      try {
        follow(asked, asked.at(clock.instant()));
        complain("", "");
      } catch (TicketSourceException e) {
        complain(e.getMessage(), e.hint());
      }
    }
  }

  private synchronized void complain(String about, String hint) {
    if (about.equals(complaint)) {
      return;
    }
    complaint = about;
    if (about.isEmpty()) {
      LOG.info("the session ticket keys can be had again");
    } else {
      LOG.warn("the session ticket keys stay as they were: {} ({})", about, hint);
    }
  }

  /**
   * Makes a new key now. Returns once every event loop uses it.
   *
   * @param forget whether no session of before may be resumed any more
   */
  void rotate(boolean forget) throws TicketSourceException {
    TicketSource asked = source;
    synchronized (asked) {
      follow(asked, asked.rotate(clock.instant(), forget));
    }
    if (forget) {
      LOG.warn("all session ticket keys and all kept sessions were forgotten on request");
      awaitBarrier();
    } else {
      LOG.info("a new session ticket key was made on request");
    }
  }

  /** What a process that takes over needs; empty where it finds the keys by itself. Never waits. */
  Optional<byte[]> handOver() {
    return source.handOver();
  }

  /** A source that a reload is about to bring. */
  record Preparation(Tickets asked, TicketSource source, boolean other) {}

  /** Opens what a configuration asks for, and changes nothing yet. */
  Preparation prepare(Tickets asked) throws TicketSourceException {
    TicketSource before = source;
    TicketSource opened = sources.open(asked, Optional.of(before));
    boolean other = opened != before && !keys.secrets().continuedBy(opened.at(clock.instant()));
    return new Preparation(asked, opened, other);
  }

  void follow(Preparation prepared) {
    synchronized (this) {
      source = prepared.source;
    }
    synchronized (prepared.source) {
      prepared.source.rules(prepared.asked.rotateEvery(), prepared.asked.acceptPrevious());
    }
    look();
    if (prepared.other) {
      contexts.giveUpAll();
    }
  }

  /** What a source says that a reload has replaced meanwhile comes too late. */
  private synchronized void follow(TicketSource from, TicketSecrets next) {
    if (from != source) {
      return;
    }
    boolean forgotten = next.forgets() != keys.secrets().forgets();
    keys.follow(next);
    if (forgotten) {
      // TLS 1.2 sessions are kept in the contexts: a fresh context knows none.
      contexts.giveUpAll();
    }
  }

  /** Handshakes that found a context of before have been begun by then, and no others will. */
  private void awaitBarrier() {
    CompletableFuture<Void> passed = new CompletableFuture<>();
    loops.afterBarrier(() -> passed.complete(null));
    passed.completeOnTimeout(null, PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
