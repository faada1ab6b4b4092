package io.lockgate.limit;

/** Whether there is memory for more work. Asked for every connection and request; cheap. */
public interface MemoryPressure {
  /** There is always enough. */
  MemoryPressure NONE = new MemoryPressure() {};

  /** New connections are to be closed at once. */
  default boolean refusesConnections() {
    return false;
  }

  /** New requests are to be answered with 503. */
  default boolean refusesRequests() {
    return false;
  }

  /** Content was received and is held somewhere; called for each piece of it. */
  default void contentCame() {}
}
