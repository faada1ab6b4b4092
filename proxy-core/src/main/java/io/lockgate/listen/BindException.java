package io.lockgate.listen;

import io.lockgate.config.model.BindAddress;
import java.io.IOException;

/** An address could not be bound. */
public final class BindException extends IOException {
  private final String listener;

  public BindException(String listener, BindAddress address, Throwable cause) {
    super(
        "listener \"" + listener + "\" cannot listen on " + address + ": " + cause.getMessage(),
        cause);
    this.listener = listener;
  }

  /** The name of the listener that wants the address. */
  public String listener() {
    return listener;
  }
}
