package io.lockgate.app;

/** What the process says to its parent when it ends; operators' scripts rely on the numbers. */
final class ExitCode {
  static final int GOOD = 0;
  static final int FAILED = 1;
  static final int WRONG_USAGE = 2;

  /** The address is in use, a lock is held: EX_TEMPFAIL of sysexits.h. */
  static final int TRY_LATER = 75;

  /** The configuration is wrong: EX_CONFIG of sysexits.h. */
  static final int WRONG_CONFIGURATION = 78;

  private ExitCode() {}
}
