package io.lockgate.pki;

import java.util.Locale;

/**
 * Why a server's certificate is not accepted.
 *
 * @param sentence for a log; names nothing secret
 */
public record ServerRefusal(Reason reason, String sentence) {
  /** What was wrong first. */
  public enum Reason {
    MALFORMED,
    EXPIRED,
    NOT_YET_VALID,
    UNTRUSTED,
    WRONG_PURPOSE,
    WRONG_NAME,
    PIN_MISMATCH;

    /** For metrics and logs. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
