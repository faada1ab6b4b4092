package io.lockgate.config.model;

/** How much memory the process may use before it turns work away. */
public sealed interface MemoryCeiling {
  /** In bytes, for a process that may have {@code available} of them. */
  long bytes(long available);

  /** A share of what the machine, or the container, has. */
  record Share(int percent) implements MemoryCeiling {
    @Override
    public long bytes(long available) {
      return available / 100 * percent;
    }
  }

  /** So much, whatever there is. */
  record Size(long bytes) implements MemoryCeiling {
    @Override
    public long bytes(long available) {
      return bytes;
    }
  }
}
