package io.lockgate.proxy;

import io.lockgate.pki.KeyKind;
import io.lockgate.snapshot.Snapshot;
import io.lockgate.tls.ContextCache;
import io.lockgate.tls.SystemOpenSsl;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who signs with RSA keys: the TLS library, or the system's OpenSSL where that is faster. The
 * latter is loaded when the first generation with such a key serves already, so no start waits for
 * it. Used by the control thread only.
 */
final class RsaSigning {
  private static final Logger LOG = LoggerFactory.getLogger(RsaSigning.class);

  private final ContextCache contexts;

  /** What came of loading it; null before it was tried. */
  private Optional<SystemOpenSsl> loaded;

  RsaSigning(ContextCache contexts) {
    this.contexts = contexts;
  }

  void follow(Snapshot snapshot) {
    if (!snapshot.config().tls().systemOpenSsl()) {
      contexts.signWith(Optional.empty());
    } else if (loaded != null || hasRsaKeys(snapshot)) {
      contexts.signWith(library());
    }
  }

  private Optional<SystemOpenSsl> library() {
    if (loaded == null) {
      loaded = SystemOpenSsl.load();
      loaded.ifPresentOrElse(
          library -> LOG.info("RSA keys of 2048 bits sign with the system's {}", library.version()),
          () -> LOG.debug("the system has no OpenSSL that would sign faster"));
    }
    return loaded;
  }

  private static boolean hasRsaKeys(Snapshot snapshot) {
    return snapshot.identities().entries().stream()
        .anyMatch(entry -> entry.identity().keyKind() == KeyKind.RSA);
  }
}
