package io.lockgate.tls;

import java.security.SecureRandom;
import java.util.function.LongSupplier;

/** The ticket keys of every domain; outlives reloads of the configuration. */
public final class TicketKeys {

  /**
   * @param acceptPrevious how many earlier keys still open tickets
   * @param nanoTime for the age of keys
   */
  public TicketKeys(SecureRandom random, int acceptPrevious, LongSupplier nanoTime) {
    throw new UnsupportedOperationException();
  }

  /** The ring of a domain, made on first use. */
  public TicketKeyRing ring(String domain) {
    throw new UnsupportedOperationException();
  }

  /** New keys in every domain. Called by one thread at a time, never an event loop. */
  public void rotateAll() {
    throw new UnsupportedOperationException();
  }

  /** Takes effect with the next rotation. */
  public void acceptPrevious(int keys) {
    throw new UnsupportedOperationException();
  }

  /** Keys that encrypt: one a domain. */
  public int currentKeys() {
    throw new UnsupportedOperationException();
  }

  /** Earlier keys that still open tickets. */
  public int acceptedKeys() {
    throw new UnsupportedOperationException();
  }

  /** Age of the oldest key that encrypts; 0 without keys. */
  public double ageSeconds() {
    throw new UnsupportedOperationException();
  }
}
