package io.lockgate.accesslog;

import io.lockgate.config.model.AccessLogConfig;
import io.lockgate.exchange.ExchangeListener;
import io.lockgate.relay.RelayListener;
import io.lockgate.tls.TlsListener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One access log as configured: an event loop records what is to be told in a bounded ring of its
 * own, one thread makes lines of it and writes them all. Never blocks an event loop: what finds no
 * room is dropped and counted. Never logs cookies, authorization or any field that its format does
 * not name.
 *
 * <p>{@link #open}, {@link #reopen} and {@link #close} are for control threads.
 */
public final class AccessLog implements AutoCloseable {
  private final AccessLogConfig config;
  private final List<LoopLog> loops;
  private final LogWriter writer;

  private AccessLog(AccessLogConfig config, List<LoopLog> loops, LogWriter writer) {
    this.config = config;
    this.loops = List.copyOf(loops);
    this.writer = writer;
  }

  /**
   * Opens the file, creating it where needed, and starts to write.
   *
   * @throws IOException if the file cannot be opened for writing
   */
  public static AccessLog open(AccessLogConfig config, AccessLogSetup setup) throws IOException {
    List<RecordRing> rings = new ArrayList<>();
    LogTarget target =
        config.format() == AccessLogConfig.Format.OFF
            ? LogTarget.NOWHERE
            : config.path().isPresent()
                ? LogFile.open(config.path().get())
                : new LogStream(setup.standardOutput());
    LogWriter writer = new LogWriter(rings, config.format(), target, setup.counts());
    List<LoopLog> loops = new ArrayList<>();
    if (config.format() != AccessLogConfig.Format.OFF) {
      for (int loop = 0; loop < setup.loops(); loop++) {
        RecordRing ring = new RecordRing(writer::hurry);
        rings.add(ring);
        loops.add(new LoopLog(config, ring, writer, setup));
      }
      writer.start();
    }
    return new AccessLog(config, loops, writer);
  }

  /** An equal configuration needs no other log. */
  public AccessLogConfig config() {
    return config;
  }

  /** What the exchanges of this event loop are told to. */
  public ExchangeListener forLoop(int index) {
    return loops.isEmpty() ? ExchangeListener.NONE : loops.get(index);
  }

  /** What the relays of this event loop are told to. */
  public RelayListener relaysForLoop(int index) {
    return loops.isEmpty() ? RelayListener.NONE : loops.get(index);
  }

  /** Failed handshakes are events of their own, in the JSON format only. */
  public TlsListener tlsForLoop(int index) {
    return loops.isEmpty() ? TlsListener.NONE : loops.get(index);
  }

  /**
   * Writes what is there to the old file and opens the path anew, so that a renamed file can be
   * compressed. Completes when that is done; where the path cannot be opened, the old file stays in
   * use and the error is logged and counted.
   */
  public CompletionStage<Void> reopen() {
    return loops.isEmpty() ? CompletableFuture.completedFuture(null) : writer.reopen();
  }

  /** Writes what is there and closes. Events that come later are dropped and counted. */
  @Override
  public void close() {
    if (!loops.isEmpty()) {
      loops.forEach(LoopLog::close);
      writer.close();
    }
  }
}
