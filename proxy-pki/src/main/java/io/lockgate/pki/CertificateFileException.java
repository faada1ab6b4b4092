package io.lockgate.pki;

/**
 * Why the files of one certificate cannot be served. The message names the file and the reason in a
 * sentence that an operator can act on.
 */
final class CertificateFileException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final String hint;

  CertificateFileException(String code, String message, String hint) {
    super(message);
    this.code = code;
    this.hint = hint;
  }

  /** Stable and kebab-case. */
  String code() {
    return code;
  }

  /** What to do; empty where the message says it all. */
  String hint() {
    return hint;
  }
}
