package io.lockgate.metrics;

import io.lockgate.tls.TlsFacts;

/**
 * Where handshakes are counted that settled on certain facts with a listener: found together, as
 * most handshakes settle on what one shortly before has settled on, and equal facts are shared. On
 * the owning loop; allocates nothing.
 */
final class HandshakeCells {
  private static final int NEGOTIATED = 3;

  private final Counter[] counters = new Counter[1 + NEGOTIATED];
  private int used;
  private Latency duration;

  // What they are of.
  private TlsFacts facts;
  private String listener;
  private int vacancies;

  /** By identity, so that none of the texts has to be looked at. */
  @SuppressWarnings("ReferenceEquality")
  boolean areOf(String listener, TlsFacts facts, int vacancies) {
    return this.facts == facts && this.listener == listener && this.vacancies == vacancies;
  }

  /** Begins anew; {@link #add} and {@link #time} say with what. */
  void become(String listener, TlsFacts facts, int vacancies) {
    // Those of a client with a certificate are of one connection, and must not outlive it.
    this.facts = facts.client().isPresent() ? null : facts;
    this.listener = listener;
    this.vacancies = vacancies;
    used = 0;
  }

  void add(Counter counter) {
    counters[used++] = counter;
  }

  void time(Latency latency) {
    duration = latency;
  }

  void count(long nanos) {
    for (int i = 0; i < used; i++) {
      counters[i].add(1);
    }
    duration.record(nanos);
  }
}
