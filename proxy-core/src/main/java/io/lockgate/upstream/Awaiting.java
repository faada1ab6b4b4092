package io.lockgate.upstream;

/** Who waits for a connection to a server; told on the event loop. */
public interface Awaiting {
  /** Asked before anybody who waits is served: whether it is still wanted. */
  boolean wanted();

  /** No connection could be had; nothing further is told. */
  void notOpened(UpstreamFailure failure, String server);
}
