package io.lockgate.pki;

/** The outcome of verifying a client's certificate. */
public sealed interface ClientVerdict {
  record Accepted(ClientIdentity identity) implements ClientVerdict {}

  record Refused(ClientRefusal refusal) implements ClientVerdict {}

  static ClientVerdict refused(ClientRefusal.Reason reason, String detail) {
    return new Refused(new ClientRefusal(reason, detail));
  }
}
