package io.lockgate.upstream;

/** How a server stands; the first that applies, in this order, is told. */
public enum ServerState {
  /** An operator wants no request to go there. */
  MAINTENANCE,
  /** An operator wants no request to go there but those whose cookie names it. */
  DRAINING,
  /** Its name has no address. */
  UNRESOLVED,
  /** Health checks fail. */
  UNHEALTHY,
  /** Left out for a while because of what it did to requests. */
  EJECTED,
  /** The last connect failed; tried again now and then. */
  UNREACHABLE,
  READY;

  /** Whether only an operator's wish keeps requests away, or nothing. */
  public boolean healthy() {
    return this == READY || this == DRAINING || this == MAINTENANCE;
  }
}
