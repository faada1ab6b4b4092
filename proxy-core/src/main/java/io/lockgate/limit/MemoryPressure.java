package io.lockgate.limit;

/** Whether there is memory for more work. Asked for every connection and request; cheap. */
public interface MemoryPressure {
  /** There is always enough. */
  MemoryPressure NONE =
      new MemoryPressure() {
        @Override
        public boolean refusesConnections() {
          return false;
        }

        @Override
        public boolean refusesRequests() {
          return false;
        }
      };

  boolean refusesConnections();

  boolean refusesRequests();
}
