package io.lockgate.relay;

/** Observes the relays of one event loop, on that loop. Must not block and must not throw. */
public interface RelayListener {
  RelayListener NONE = new RelayListener() {};

  /**
   * A relay begins.
   *
   * @param host label of the configured host
   * @param mode {@code tcp} or {@code passthrough}
   * @return told what passes
   */
  default Meter started(String host, String mode) {
    return Meter.NONE;
  }

  /** Called exactly once for every {@link #started}, whatever the outcome. */
  default void ended(RelaySummary summary) {}

  /** Told of bytes as they pass, since a relay may live for days. */
  interface Meter {
    Meter NONE = new Meter() {};

    default void fromClient(int bytes) {}

    default void fromServer(int bytes) {}
  }

  /** Tells each event to both; only the first is told what passes. */
  static RelayListener both(RelayListener first, RelayListener second) {
    return new RelayListener() {
      @Override
      public Meter started(String host, String mode) {
        second.started(host, mode);
        return first.started(host, mode);
      }

      @Override
      public void ended(RelaySummary summary) {
        first.ended(summary);
        second.ended(summary);
      }
    };
  }
}
