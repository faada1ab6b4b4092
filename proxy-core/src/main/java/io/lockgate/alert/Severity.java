package io.lockgate.alert;

import java.util.Locale;

/** How much of a hurry there is. */
public enum Severity {
  /** Somebody has to look this week. */
  TICKET,
  /** Somebody has to get up. */
  PAGE;

  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
