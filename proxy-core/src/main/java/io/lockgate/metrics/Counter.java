package io.lockgate.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A number that one event loop adds to and any thread may read. Cheaper than an atomic because
 * there is only ever one writer; a reader may see it a moment late, never torn.
 */
final class Counter {
  private static final VarHandle VALUE;

  static {
    try {
      VALUE = MethodHandles.lookup().findVarHandle(Counter.class, "value", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private long value;

  /** By the owning thread only. */
  void add(long amount) {
    VALUE.setOpaque(this, value + amount);
  }

  long value() {
    return (long) VALUE.getOpaque(this);
  }
}
