package io.lockgate.proxy;

/** The proxy could not start; nothing of it is left. */
public final class StartException extends Exception {
  private final int exitCode;

  public StartException(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** 75: try later (address in use); 78: the configuration is wrong; 1: anything else. */
  public int exitCode() {
    return exitCode;
  }
}
