package io.lockgate.table;

import java.util.function.BiConsumer;

/**
 * An immutable map in one array, without an object for each entry. Generations of a proxy hold
 * tables of tens of thousands of names, and a young one is copied by the collector while everything
 * stands: a table like this costs it a copy of some hundred kilobytes, one of nodes takes tens of
 * milliseconds. Keys and values are no nulls; keys should keep their hash codes, as texts do. Keys
 * with equal hash codes are looked for one after the other, so they should come from whoever runs
 * the proxy and never from clients.
 */
public final class FlatTable<K, V> {
  private static final int SMALLEST = 8;
  private static final int SCATTER = 0x9e3779b9;

  /** Keys at even places, each with its value behind it; at most half of the places are taken. */
  private final Object[] slots;

  private final int size;

  private FlatTable(Object[] slots, int size) {
    this.slots = slots;
    this.size = size;
  }

  public static <K, V> FlatTable<K, V> empty() {
    return FlatTable.<K, V>builder(0).build();
  }

  /**
   * @param expected entries there is room for from the beginning
   */
  public static <K, V> Builder<K, V> builder(int expected) {
    return new Builder<>(expected);
  }

  /** The value of a key, or {@code otherwise} where there is none. Allocates nothing. */
  @SuppressWarnings("unchecked")
  public V getOrDefault(K key, V otherwise) {
    int at = find(slots, key);
    return slots[at] == null ? otherwise : (V) slots[at + 1];
  }

  public boolean containsKey(K key) {
    return slots[find(slots, key)] != null;
  }

  public int size() {
    return size;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /** In no particular order. */
  @SuppressWarnings("unchecked")
  public void forEach(BiConsumer<? super K, ? super V> action) {
    for (int at = 0; at < slots.length; at += 2) {
      if (slots[at] != null) {
        action.accept((K) slots[at], (V) slots[at + 1]);
      }
    }
  }

  /** Where the key stands, or the free place where it would. */
  private static int find(Object[] slots, Object key) {
    int last = slots.length - 2;
    int scattered = key.hashCode() * SCATTER;
    // The upper bits, as many as the number of places has.
    int at = (scattered >>> (Integer.numberOfLeadingZeros(slots.length) + 2)) << 1;
    while (slots[at] != null && !slots[at].equals(key)) {
      at = at == last ? 0 : at + 2;
    }
    return at;
  }

  /** Collects entries; not for use by several threads. */
  public static final class Builder<K, V> {
    private Object[] slots;
    private int size;

    private Builder(int expected) {
      slots = new Object[2 * places(expected)];
    }

    /**
     * Adds an entry unless the key has one.
     *
     * @return the value that the key has already, or {@code otherwise} if it has this one now
     */
    @SuppressWarnings("unchecked")
    public V putIfAbsent(K key, V value, V otherwise) {
      int at = find(slots, key);
      if (slots[at] != null) {
        return (V) slots[at + 1];
      }
      put(key, value);
      return otherwise;
    }

    /** Adds an entry, in the place of one that the key has. */
    public void put(K key, V value) {
      int at = find(slots, key);
      if (slots[at] == null) {
        slots[at] = key;
        size++;
      }
      slots[at + 1] = value;
      if (size * 4 > slots.length) {
        grow();
      }
    }

    @SuppressWarnings("unchecked")
    public V getOrDefault(K key, V otherwise) {
      int at = find(slots, key);
      return slots[at] == null ? otherwise : (V) slots[at + 1];
    }

    /** The builder must not be used afterwards. */
    public FlatTable<K, V> build() {
      return new FlatTable<>(slots, size);
    }

    private void grow() {
      Object[] before = slots;
      slots = new Object[2 * places(size * 2)];
      for (int from = 0; from < before.length; from += 2) {
        if (before[from] != null) {
          int at = find(slots, before[from]);
          slots[at] = before[from];
          slots[at + 1] = before[from + 1];
        }
      }
    }

    /** A power of two, of which {@code entries} take at most half. */
    private static int places(int entries) {
      return Math.max(SMALLEST, Integer.highestOneBit(Math.max(1, entries * 2 - 1)) << 1);
    }
  }
}
