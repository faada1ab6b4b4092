package io.lockgate.exchange;

/** Observes the exchanges of one event loop, on that loop. Must not block and must not throw. */
public interface ExchangeListener {
  ExchangeListener NONE = new ExchangeListener() {};

  default void started() {}

  /** An exchange has become a WebSocket; its end is told as any other's. */
  default void switched() {}

  /** Called exactly once for every {@link #started}, whatever the outcome. */
  default void ended(ExchangeSummary summary) {}

  /**
   * A request that never became an exchange because its head was refused.
   *
   * @param reason metric label of {@code http_rejected_requests_total}
   */
  default void rejected(String listener, String clientAddress, String reason) {}

  /**
   * A request that a limit kept from its route; its end is told as well.
   *
   * @param reason metric label of {@code http_rejected_requests_total}
   */
  default void limited(String reason) {}
}
