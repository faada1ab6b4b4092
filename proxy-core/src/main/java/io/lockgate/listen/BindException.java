package io.lockgate.listen;

import io.lockgate.config.model.BindAddress;
import java.io.IOException;

/** An address could not be bound. */
public final class BindException extends IOException {
  public BindException(String listener, BindAddress address, Throwable cause) {
    super(
        "listener \"" + listener + "\" cannot listen on " + address + ": " + cause.getMessage(),
        cause);
  }
}
