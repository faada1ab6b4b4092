package io.lockgate.proxy;

import io.lockgate.config.model.RuntimeConfig;
import io.lockgate.loop.Transport;
import io.lockgate.tls.TlsLibrary;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.crypto.Cipher;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has threads load the native libraries and the JDK's cryptography while the caller reads the
 * configuration: neither needs the other, and each takes a large part of a start. What fails here
 * is told by nobody, since it fails again where it is needed.
 *
 * <p>The caller must touch nothing of the network libraries before {@link #await}: classes of
 * theirs that two threads initialize at once may wait for each other for ever.
 */
final class LoadingAhead {
  private static final Logger LOG = LoggerFactory.getLogger(LoadingAhead.class);

  private final List<Thread> threads;

  private LoadingAhead() {
    // The network library asks the JDK's cryptography what it can do, which knows nothing of the
    // network library in turn: so these two cannot block each other.
    threads =
        List.of(
            started("lockgate-cryptography", LoadingAhead::loadCryptography),
            started("lockgate-loading", LoadingAhead::loadLibraries));
  }

  private static Thread started(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  static LoadingAhead begin() {
    return new LoadingAhead();
  }

  private static void loadCryptography() {
    try {
      // Its slowest part, which comes last otherwise: a URL in there has the JDK look into every
      // jar, once a process, for who else handles such URLs.
      URI.create("http://localhost/").toURL();
      Cipher.getInstance("AES/GCM/NoPadding");
    } catch (IOException | GeneralSecurityException | RuntimeException | LinkageError e) {
      LOG.debug("the JDK's cryptography cannot be loaded", e);
    }
  }

  private static void loadLibraries() {
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
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
