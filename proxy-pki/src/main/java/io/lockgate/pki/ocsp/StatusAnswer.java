package io.lockgate.pki.ocsp;

/** What came of asking for a certificate's status. */
public sealed interface StatusAnswer {

  /** A response that can be believed, whatever it says. */
  record Verified(StatusResponse response) implements StatusAnswer {}

  /**
   * Nothing that can be believed.
   *
   * @param detail a sentence without a full stop
   */
  record Failed(Failure failure, String detail) implements StatusAnswer {}

  /** Whose fault it is that there is no status. */
  enum Failure {
    /** The responder cannot be reached, or does not answer in time. */
    UNREACHABLE("unreachable"),
    /** The responder answers that it will not. */
    REFUSED("refused"),
    /** The response does not stand up to verification. */
    INVALID("invalid"),
    /** The question cannot even be put. */
    UNASKABLE("unaskable");

    private final String label;

    Failure(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }
}
