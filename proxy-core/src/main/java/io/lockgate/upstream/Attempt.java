package io.lockgate.upstream;

/**
 * What the attempts before mean for the next one.
 *
 * @param avoid {@link UpstreamStream#address} of a server that has just failed, or empty; used
 *     again only if no other is left
 * @param fresh whether only a new connection will do, since a kept one has just proved to be stale
 */
public record Attempt(String avoid, boolean fresh) {
  public static final Attempt FIRST = new Attempt("", false);

  /** No kept connection will do. */
  static final Attempt OF_ITS_OWN = new Attempt("", true);
}
