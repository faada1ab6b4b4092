package io.lockgate.proxy;

import io.lockgate.config.hocon.EffectiveConfig;
import io.lockgate.config.model.ProxyConfig;
import io.lockgate.metrics.ProxyMetrics;
import io.lockgate.pki.IdentityCatalog;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The running proxy: start, reload, drain, close. The only place where the parts are put together.
 * Methods may be called from any thread except an event loop.
 */
public final class Proxy implements AutoCloseable {
  // Skeleton of the interface that the admin endpoint and the daemon program against.

  /** What the daemon does as a whole. */
  public enum State {
    STARTING,
    READY,
    DRAINING,
    STOPPED
  }

  private Proxy() {}

  /**
   * Reads, builds, binds and serves.
   *
   * @throws StartException with the exit code and, for a wrong configuration, the rendered problems
   */
  public static Proxy start(ProxySetup setup) throws StartException {
    throw new UnsupportedOperationException();
  }

  public State state() {
    throw new UnsupportedOperationException();
  }

  /** Whether every event loop has turned within the last second. */
  public boolean loopsTurning() {
    throw new UnsupportedOperationException();
  }

  /** Blocks until done; calls that come while one runs are answered by one further run. */
  public ReloadReport reload(String trigger) {
    throw new UnsupportedOperationException();
  }

  /** Newest first, bounded. */
  public List<ReloadReport> reloads() {
    throw new UnsupportedOperationException();
  }

  /** Stops accepting, finishes what is in hand; completes when the last connection is gone. */
  public CompletionStage<Void> drain() {
    throw new UnsupportedOperationException();
  }

  public long generation() {
    throw new UnsupportedOperationException();
  }

  public ProxyConfig config() {
    throw new UnsupportedOperationException();
  }

  /** Every value that counts and where it was written, of the generation that serves. */
  public EffectiveConfig effective() {
    throw new UnsupportedOperationException();
  }

  /** Opens the access log's file anew, after somebody moved it away. */
  public void reopenLogs() {
    throw new UnsupportedOperationException();
  }

  public IdentityCatalog certificates() {
    throw new UnsupportedOperationException();
  }

  public List<UpstreamView> upstreams() {
    throw new UnsupportedOperationException();
  }

  public List<ListenerView> listeners() {
    throw new UnsupportedOperationException();
  }

  public ProxyMetrics metrics() {
    throw new UnsupportedOperationException();
  }

  /** Makes a new current ticket key; earlier keys go on being accepted as configured. */
  public void rotateTicketKeys() {
    throw new UnsupportedOperationException();
  }

  /** Ends at once whatever {@link #drain} has not finished, and waits for the event loops. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
