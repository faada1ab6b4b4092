package io.lockgate.metrics;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Finds the cell of a set of up to four label values, for one event loop. Looking up what was seen
 * before allocates nothing; the first sight of a set does.
 *
 * <p>{@link #cell} belongs to the owning loop, {@link #forEach} to anyone: the hash table is
 * private to the loop, and readers walk the queue of what is in it.
 */
final class LabelTable<V> {
  /** Labels come from the configuration; this bound only guards against what nobody foresaw. */
  static final int MOST_ENTRIES = 1 << 20;

  private final Supplier<V> fresh;
  private final Queue<Entry<V>> seen = new ConcurrentLinkedQueue<>();
  private final int mostEntries;
  private Entry<V>[] slots = slots(16);
  private int size;

  /** Found last: much of what happens has the labels of what happened before it. */
  private Entry<V> last;

  LabelTable(Supplier<V> fresh) {
    this(fresh, MOST_ENTRIES);
  }

  LabelTable(Supplier<V> fresh, int mostEntries) {
    this.fresh = fresh;
    this.mostEntries = mostEntries;
  }

  V cell(String a) {
    return cell(a, "", "", "");
  }

  V cell(String a, String b) {
    return cell(a, b, "", "");
  }

  V cell(String a, String b, String c) {
    return cell(a, b, c, "");
  }

  /** The cell of these values, made on first sight. */
  V cell(String a, String b, String c, String d) {
    Entry<V> before = last;
    if (before != null && before.isOf(a, b, c, d)) {
      return before.value;
    }
    int hash = hash(a, b, c, d);
    Entry<V> found = lookup(hash, a, b, c, d);
    if (found == null) {
      return admit(hash, a, b, c, d);
    }
    last = found;
    return found.value;
  }

  /** Every cell that existed when the walk began and was not dropped, and perhaps newer ones. */
  void forEach(Consumer<Entry<V>> action) {
    seen.forEach(action);
  }

  /** Drops cells; whoever holds one writes where nobody reads. On the owning loop. */
  void removeIf(Predicate<Entry<V>> unwanted) {
    if (!seen.removeIf(unwanted)) {
      return;
    }
    Entry<V>[] kept = slots(slots.length);
    size = 0;
    for (Entry<V> entry : seen) {
      place(kept, entry);
      size++;
    }
    slots = kept;
    last = null;
  }

  private Entry<V> lookup(int hash, String a, String b, String c, String d) {
    Entry<V>[] table = slots;
    int mask = table.length - 1;
    for (int at = hash & mask; table[at] != null; at = (at + 1) & mask) {
      if (table[at].is(hash, a, b, c, d)) {
        return table[at];
      }
    }
    return null;
  }

  private V admit(int hash, String a, String b, String c, String d) {
    if (size >= mostEntries && !a.equals(OVERFLOW)) {
      return cell(OVERFLOW, OVERFLOW, OVERFLOW, OVERFLOW);
    }
    if (2 * (size + 1) > slots.length) {
      grow();
    }
    Entry<V> entry = new Entry<>(hash, a, b, c, d, fresh.get());
    place(slots, entry);
    size++;
    seen.add(entry);
    return entry.value;
  }

  private void grow() {
    Entry<V>[] larger = slots(slots.length * 2);
    for (Entry<V> entry : slots) {
      if (entry != null) {
        place(larger, entry);
      }
    }
    slots = larger;
  }

  private static <V> void place(Entry<V>[] table, Entry<V> entry) {
    int mask = table.length - 1;
    int at = entry.hash & mask;
    while (table[at] != null) {
      at = (at + 1) & mask;
    }
    table[at] = entry;
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type has no other maker
  private static <V> Entry<V>[] slots(int length) {
    return new Entry[length];
  }

  private static int hash(String a, String b, String c, String d) {
    int hash = ((a.hashCode() * 31 + b.hashCode()) * 31 + c.hashCode()) * 31 + d.hashCode();
    return hash ^ (hash >>> 16);
  }

  static final String OVERFLOW = "other";

  /** Label values and what is kept for them; values beyond the metric's labels are empty. */
  static final class Entry<V> {
    private final int hash;
    final String a;
    final String b;
    final String c;
    final String d;
    final V value;

    private Entry(int hash, String a, String b, String c, String d, V value) {
      this.hash = hash;
      this.a = a;
      this.b = b;
      this.c = c;
      this.d = d;
      this.value = value;
    }

    /** By identity, so that none of the texts has to be looked at. */
    @SuppressWarnings("ReferenceEquality")
    private boolean isOf(String a, String b, String c, String d) {
      return this.a == a && this.b == b && this.c == c && this.d == d;
    }

    private boolean is(int hash, String a, String b, String c, String d) {
      return this.hash == hash
          && this.a.equals(a)
          && this.b.equals(b)
          && this.c.equals(c)
          && this.d.equals(d);
    }

    /** The first {@code count} values. */
    java.util.List<String> labels(int count) {
      return switch (count) {
        case 0 -> java.util.List.of();
        case 1 -> java.util.List.of(a);
        case 2 -> java.util.List.of(a, b);
        case 3 -> java.util.List.of(a, b, c);
        default -> java.util.List.of(a, b, c, d);
      };
    }
  }
}
