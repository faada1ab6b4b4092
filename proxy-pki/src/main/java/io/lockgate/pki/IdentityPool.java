package io.lockgate.pki;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Sees to it that equal identities are one object, whatever files or catalogs they come from. Safe
 * for use by many threads.
 */
final class IdentityPool {
  private final IdentityCatalog previous;
  private final ConcurrentMap<String, Identity> fresh = new ConcurrentHashMap<>();

  IdentityPool(IdentityCatalog previous) {
    this.previous = previous;
  }

  /** The one object for what equals it. */
  Identity shared(Identity made) {
    return previous
        .byDigest(made.digest())
        .orElseGet(
            () -> {
              Identity earlier = fresh.putIfAbsent(made.digest(), made);
              return earlier == null ? made : earlier;
            });
  }
}
