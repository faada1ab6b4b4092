package io.lockgate.tls;

/** How far the reading of a ClientHello got. */
public sealed interface HelloReading {

  /** The client has not sent the whole message yet. */
  record NeedMore() implements HelloReading {
    static final NeedMore INSTANCE = new NeedMore();
  }

  /** The whole message. */
  record Complete(ClientHello hello) implements HelloReading {}

  /**
   * It never becomes a ClientHello.
   *
   * @param detail a sentence for people
   */
  record Failed(HandshakeFailure failure, String detail) implements HelloReading {}
}
