package io.lockgate.config.model;

import java.util.Optional;

/** The admin endpoint. */
public record AdminConfig(BindAddress address, Optional<Secret> token) {

  /** A value that never shows itself in text. */
  public record Secret(String value) {
    @Override
    public String toString() {
      return "<redacted>";
    }
  }
}
