package io.lockgate.app.handover;

/** A hand-over did not come about; the message says why, for an operator. */
public final class HandOverException extends Exception {
  private static final long serialVersionUID = 1L;

  public HandOverException(String message) {
    super(message);
  }

  HandOverException(String message, Throwable cause) {
    super(message, cause);
  }
}
