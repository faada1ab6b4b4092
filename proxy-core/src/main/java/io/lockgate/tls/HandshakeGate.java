package io.lockgate.tls;

import java.util.Optional;

/** Lets handshakes in, or not, once the hello is known and before anything is made for it. */
public interface HandshakeGate {
  /** Lets everything in. */
  HandshakeGate OPEN =
      new HandshakeGate() {
        @Override
        public Optional<String> refusal(ClientHello hello) {
          return Optional.empty();
        }

        @Override
        public void ended(ClientHello hello, boolean resumed) {}
      };

  /**
   * Empty for a handshake that may begin; {@link #ended} is called for it later, exactly once.
   *
   * @return a sentence for people, where it may not
   */
  Optional<String> refusal(ClientHello hello);

  /** A handshake that was let in is over, in whatever way. */
  void ended(ClientHello hello, boolean resumed);
}
