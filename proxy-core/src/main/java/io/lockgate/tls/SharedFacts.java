package io.lockgate.tls;

/**
 * Lets connections of one event loop that have settled the same hold the same {@link TlsFacts}: it
 * spares memory, and whatever looks at them with every request finds them in the processor's
 * caches. Remembers a fixed number of them; those with a client's certificate stay their own.
 */
public final class SharedFacts {
  private static final int SLOTS = 64;

  private final TlsFacts[] latest = new TlsFacts[SLOTS];

  /** Facts equal to these. */
  public TlsFacts of(TlsFacts facts) {
    if (facts.client().isPresent()) {
      return facts;
    }
    int slot = Math.floorMod(facts.hashCode(), SLOTS);
    if (!facts.equals(latest[slot])) {
      latest[slot] = facts;
    }
    return latest[slot];
  }
}
