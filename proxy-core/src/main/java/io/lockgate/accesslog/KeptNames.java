package io.lockgate.accesslog;

/**
 * What lines say of two names that come from the configuration, kept as octets: there are few of
 * them, and a copy costs a fraction of texts that are gone through character by character. Used by
 * one thread; what it keeps is bounded.
 */
final class KeptNames {
  private static final int SLOTS = 256;
  private static final int MOST_KEPT = 1_024;

  private final Format format;
  private final Kept[] slots = new Kept[SLOTS];

  KeptNames(Format format) {
    this.format = format;
  }

  /** How a format writes the names where nothing is kept. */
  @FunctionalInterface
  interface Format {
    void write(Line line, String a, String b);
  }

  /** By identity: equal names are the same objects as long as a configuration serves. */
  @SuppressWarnings("ReferenceEquality")
  void write(Line line, String a, String b) {
    int hash = System.identityHashCode(a) * 31 + System.identityHashCode(b);
    int slot = (hash ^ (hash >>> 8)) & (SLOTS - 1);
    Kept kept = slots[slot];
    if (kept != null && kept.a == a && kept.b == b) {
      line.put(kept.text);
      return;
    }
    int from = line.length();
    format.write(line, a, b);
    if (!line.overflowed() && line.length() - from <= MOST_KEPT) {
      slots[slot] = new Kept(a, b, line.copy(from));
    }
  }

  /** Not a record: nobody asks whether two are equal. */
  private static final class Kept {
    private final String a;
    private final String b;
    private final byte[] text;

    Kept(String a, String b, byte[] text) {
      this.a = a;
      this.b = b;
      this.text = text;
    }
  }
}
