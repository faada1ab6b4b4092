package io.lockgate.route;

/**
 * A regular expression needs more steps over a path than the event loop has time for. Neither a
 * match nor none: taken for none, a path could be made that slips by a route which is there to
 * refuse it.
 */
public final class UndecidedPath extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Without a stack trace and suppression it has no state, so that one is enough. */
  @SuppressWarnings("StaticAssignmentOfThrowable")
  static final UndecidedPath INSTANCE = new UndecidedPath();

  private UndecidedPath() {
    super("the path takes too long to match", null, false, false);
  }
}
