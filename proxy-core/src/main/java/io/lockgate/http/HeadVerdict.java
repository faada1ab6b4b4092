package io.lockgate.http;

/** The outcome of checking an untrusted head. */
public sealed interface HeadVerdict {
  /** The head may be acted on. */
  HeadVerdict ACCEPTED = new Accepted();

  default boolean accepted() {
    return this == ACCEPTED;
  }

  /** The head that was checked now holds what the check found out. */
  record Accepted() implements HeadVerdict {}

  /**
   * The head must not be acted on. On HTTP/1 the connection ends in any case, since the end of the
   * message is not known.
   *
   * @param answerable false: close in silence, what came is not HTTP
   */
  record Refused(FramingRule rule, boolean answerable) implements HeadVerdict {}
}
