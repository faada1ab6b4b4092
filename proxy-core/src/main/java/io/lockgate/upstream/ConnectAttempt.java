package io.lockgate.upstream;

/** A connection on its way to a server, on its event loop. */
interface ConnectAttempt {
  /**
   * Is not wanted any more: whatever is open is closed, and no outcome counts that is still told.
   */
  void abandon();
}
