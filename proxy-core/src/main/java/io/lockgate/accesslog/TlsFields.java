package io.lockgate.accesslog;

import io.lockgate.tls.TlsFacts;

/**
 * What lines say of TLS, kept as octets for the facts that were written last: most connections
 * share theirs with others, and a copy costs a fraction of seven texts that are gone through
 * character by character. Used by one thread; what it keeps is bounded.
 */
final class TlsFields {
  private static final int SLOTS = 64;
  private static final int MOST_KEPT = 1_024;

  private final Format format;
  private final TlsFacts[] facts = new TlsFacts[SLOTS];
  private final byte[][] texts = new byte[SLOTS][];

  TlsFields(Format format) {
    this.format = format;
  }

  /** How a format writes the facts where nothing is kept. */
  @FunctionalInterface
  interface Format {
    void write(Line line, TlsFacts tls);
  }

  /** By identity: equal facts are shared, and to compare them costs more than to write them. */
  @SuppressWarnings("ReferenceEquality")
  void write(Line line, TlsFacts tls) {
    if (tls.client().isPresent()) { // Of this connection alone: it would only push out others.
      format.write(line, tls);
      return;
    }
    int slot = System.identityHashCode(tls) % SLOTS;
    if (facts[slot] == tls) {
      line.put(texts[slot]);
      return;
    }
    int from = line.length();
    format.write(line, tls);
    if (!line.overflowed() && line.length() - from <= MOST_KEPT) {
      facts[slot] = tls;
      texts[slot] = line.copy(from);
    }
  }
}
