package io.lockgate.upstream;

/** Who waits for a connection of its own, over which bytes go as they come. */
public interface RawEvents extends Awaiting {
  /** It is ready, and the receiver's to close. Handlers added now get all that the server sends. */
  void connected(RawConnection connection);
}
