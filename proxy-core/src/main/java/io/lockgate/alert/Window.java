package io.lockgate.alert;

/** Over which time a burn rate is taken. */
public enum Window {
  FIVE_MINUTES("5m"),
  THIRTY_MINUTES("30m"),
  HOUR("1h"),
  SIX_HOURS("6h");

  private final String label;

  Window(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}
