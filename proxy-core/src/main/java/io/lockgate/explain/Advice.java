package io.lockgate.explain;

/**
 * What would help.
 *
 * @param hint a sentence; empty where nothing is to be done here
 * @param key what to change, a path in the configuration, or empty
 */
record Advice(String hint, String key) {
  static final Advice NONE = new Advice("", "");

  static Advice of(String hint) {
    return new Advice(hint, "");
  }
}
