package io.lockgate.config.model;

/**
 * How the process uses the machine; read once at start.
 *
 * @param eventLoops 0 means one per processor
 */
public record RuntimeConfig(Transport transport, int eventLoops) {
  /** How the kernel is asked for I/O. */
  public enum Transport {
    AUTO,
    IO_URING,
    EPOLL,
    NIO
  }
}
