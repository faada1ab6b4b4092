package io.lockgate.http;

/** The outcome of checking an untrusted head. */
public sealed interface HeadVerdict {
  default boolean accepted() {
    return this instanceof Accepted;
  }

  /** The head that was checked now holds what the check found out. */
  enum Accepted implements HeadVerdict {
    ACCEPTED
  }

  /**
   * The head must not be acted on. On HTTP/1 the connection ends in any case, since the end of the
   * message is not known.
   *
   * @param answerable false: close in silence, what came is not HTTP
   */
  record Refused(FramingRule rule, boolean answerable) implements HeadVerdict {}
}
