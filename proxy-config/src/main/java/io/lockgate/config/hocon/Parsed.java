package io.lockgate.config.hocon;

/** What became of the text of one value. */
sealed interface Parsed {
  record Good(Object value) implements Parsed {}

  /**
   * @param complaint follows the key's path and a colon
   * @param hint what may stand there
   */
  record Bad(String code, String complaint, String hint) implements Parsed {}

  static Parsed good(Object value) {
    return new Good(value);
  }

  static Parsed bad(String code, String complaint, String hint) {
    return new Bad(code, complaint, hint);
  }
}
