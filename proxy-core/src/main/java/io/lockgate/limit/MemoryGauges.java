package io.lockgate.limit;

/** How much memory there is and how much is in use, in bytes. */
public interface MemoryGauges {
  /** Heap that was still in use after the last collection, or less if less is in use now. */
  long heapLive();

  long heapMax();

  /** Memory outside the heap that buffers were given. One read of a counter; for any thread. */
  long directReserved();

  /** What of it is in use by a buffer. */
  long directPinned();

  long directMax();

  /** What the process has beside heap and buffers: code, classes, the TLS library. */
  long other();

  /** What the machine, or the container, has. */
  long machine();
}
