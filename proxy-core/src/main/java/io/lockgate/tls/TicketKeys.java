package io.lockgate.tls;

import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import java.security.SecureRandom;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The ticket keys of every domain. Outlives reloads of the configuration, so that tickets do; keys
 * exist in memory only.
 */
public final class TicketKeys {
  private final SecureRandom random;
  private final LongSupplier nanoTime;
  private final ConcurrentMap<String, TicketKeyRing> rings = new ConcurrentHashMap<>();
  private volatile int acceptPrevious;

  /**
   * @param acceptPrevious how many earlier keys still open tickets
   * @param nanoTime for the age of keys
   */
  public TicketKeys(SecureRandom random, int acceptPrevious, LongSupplier nanoTime) {
    this.random = random;
    this.acceptPrevious = acceptPrevious;
    this.nanoTime = nanoTime;
  }

  /** Makes a context use its domain's keys until {@link #forget}. */
  void install(String domain, ReferenceCountedOpenSslContext context) {
    ring(domain).install(context);
  }

  void forget(String domain, ReferenceCountedOpenSslContext context) {
    TicketKeyRing ring = rings.get(domain);
    if (ring != null) {
      ring.forget(context);
    }
  }

  /** The ring of a domain, made on first use. */
  public TicketKeyRing ring(String domain) {
    TicketKeyRing present = rings.get(domain);
    return present != null
        ? present
        : rings.computeIfAbsent(domain, unseen -> new TicketKeyRing(random, nanoTime.getAsLong()));
  }

  /** New keys in every domain. Called by one thread at a time, never an event loop. */
  public void rotateAll() {
    for (TicketKeyRing ring : rings.values()) {
      ring.rotate(acceptPrevious, nanoTime.getAsLong());
    }
  }

  /** Takes effect with the next rotation. */
  public void acceptPrevious(int keys) {
    acceptPrevious = keys;
  }

  /** Drops the keys of domains that no terms name any more; their tickets are worth nothing. */
  public void retainDomains(Set<String> domains) {
    rings.keySet().retainAll(domains);
  }

  /** Keys that encrypt: one a domain. */
  public int currentKeys() {
    return rings.size();
  }

  /** Earlier keys that still open tickets. */
  public int acceptedKeys() {
    return rings.values().stream().mapToInt(TicketKeyRing::accepted).sum();
  }

  /** Age of the oldest key that encrypts; 0 without keys. */
  public double ageSeconds() {
    long now = nanoTime.getAsLong();
    long age = rings.values().stream().mapToLong(ring -> now - ring.madeNanos()).max().orElse(0);
    return age / (double) TimeUnit.SECONDS.toNanos(1);
  }
}
