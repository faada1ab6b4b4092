package io.lockgate.proxy;

import io.lockgate.config.model.RuntimeConfig;
import io.lockgate.loop.Transport;
import io.lockgate.tls.TlsLibrary;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a thread load the native libraries while the caller reads the configuration: neither needs
 * the other, and each takes a large part of a start. What fails here is told by nobody, since it
 * fails again where the library is needed.
 *
 * <p>The caller must touch nothing of the network libraries before {@link #await}: classes of
 * theirs that two threads initialize at once may wait for each other for ever.
 */
final class LoadingAhead {
  private static final Logger LOG = LoggerFactory.getLogger(LoadingAhead.class);

  private final Thread thread = new Thread(LoadingAhead::load, "lockgate-loading");

  private LoadingAhead() {}

  static LoadingAhead begin() {
    LoadingAhead loading = new LoadingAhead();
    loading.thread.setDaemon(true);
    loading.thread.start();
    return loading;
  }

  private static void load() {
    try {
      Transport.of(RuntimeConfig.Transport.AUTO);
      TlsLibrary.load();
    } catch (SSLException | RuntimeException | LinkageError e) {
      LOG.debug("a library cannot be loaded", e);
    }
  }

  /** Returns when all is loaded that can be; an interruption is kept for the caller. */
  void await() {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
