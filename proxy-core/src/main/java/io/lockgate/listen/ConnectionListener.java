package io.lockgate.listen;

/** Observes the client connections of one event loop, on that loop. */
public interface ConnectionListener {
  ConnectionListener NONE = new ConnectionListener() {};

  default void opened(String listener) {}

  /** Called exactly once for every {@link #opened}. */
  default void closed(String listener) {}

  /** A connection closed at once, before any other work. */
  default void refused(String listener, String reason) {}
}
