package io.lockgate.config.model;

/**
 * How the process uses the machine; read once at start.
 *
 * @param eventLoops 0 means one per processor
 * @param watch whether a change of a file that the configuration names is a reason to reload
 * @param warmUp whether the data plane is compiled before clients need it
 */
public record RuntimeConfig(Transport transport, int eventLoops, boolean watch, boolean warmUp) {
  /** How the kernel is asked for I/O. */
  public enum Transport {
    AUTO,
    IO_URING,
    EPOLL,
    NIO
  }
}
