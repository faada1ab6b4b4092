package io.lockgate.tls;

import java.util.Optional;

/** Tells why a handshake failed, or is bound to fail. */
public final class FailureClassifier {
  private FailureClassifier() {}

  /**
   * A failure and what a person should know of it.
   *
   * @param detail a sentence
   */
  public record Verdict(HandshakeFailure failure, String detail) {}

  /** What is certain from the offers alone, before any engine is made. */
  public static Optional<Verdict> precheck(ClientHello hello, TlsTerms terms) {
    throw new UnsupportedOperationException();
  }

  /** Compares the offers with the policy first; what the native library says comes second. */
  public static Verdict classify(Throwable cause, ClientHello hello, TlsTerms terms) {
    throw new UnsupportedOperationException();
  }
}
