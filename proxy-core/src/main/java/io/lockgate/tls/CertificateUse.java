package io.lockgate.tls;

import io.lockgate.pki.Identity;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/**
 * How many full handshakes each identity has served; as a resumed one sends no certificate, it does
 * not count. Told by every event loop, asked by whoever lists certificates. Outlives reloads that
 * keep an identity.
 */
public final class CertificateUse implements TlsListener {
  private final ConcurrentHashMap<String, LongAdder> byDigest = new ConcurrentHashMap<>();

  @Override
  public void certificateServed(Identity identity) {
    LongAdder known = byDigest.get(identity.digest());
    if (known == null) {
      byDigest.putIfAbsent(identity.digest(), new LongAdder());
      known = byDigest.get(identity.digest());
    }
    if (known != null) {
      known.increment();
    }
  }

  public long handshakes(Identity identity) {
    LongAdder known = byDigest.get(identity.digest());
    return known == null ? 0 : known.sum();
  }

  /**
   * Forgets every identity that is not used any more.
   *
   * @param used tells it by an identity's digest
   */
  public void retain(Predicate<String> used) {
    byDigest.keySet().removeIf(digest -> !used.test(digest));
  }
}
