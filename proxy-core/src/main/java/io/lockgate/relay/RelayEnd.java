package io.lockgate.relay;

import java.util.Locale;

/** How a relay ended that had reached a server, or whose client did not wait for that. */
public enum RelayEnd {
  /** Both sides said that nothing follows. */
  CLOSED,
  /** The client reset its connection, or cut off its TLS. */
  CLIENT_BROKE_OFF,
  /** The same of the server. */
  SERVER_BROKE_OFF,
  /** The client left before a server was connected. */
  CLIENT_CLOSED,
  /** Nothing passed for too long. */
  IDLE_TIMEOUT,
  /** What the connection was promised holds no more, or the proxy stops. */
  DRAINED;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** For metrics and logs. */
  public String label() {
    return label;
  }
}
