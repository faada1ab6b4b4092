package io.lockgate.pki;

/**
 * Why a client's certificate was not accepted.
 *
 * @param detail a sentence for people; may hold names that the client made up
 */
public record ClientRefusal(Reason reason, String detail) {

  /** The kinds of reason, in the order in which they are looked for. */
  public enum Reason {
    MISSING,
    UNTRUSTED,
    EXPIRED,
    NOT_YET_VALID,
    WRONG_PURPOSE,
    REVOKED,
    NOT_ALLOWED
  }
}
