package io.lockgate.upstream;

/**
 * What the attempts before mean for the next one.
 *
 * @param avoid {@link UpstreamStream#address} of a server that has just failed, or empty; used
 *     again only if no other is left
 * @param fresh whether only a new connection will do, since a kept one has just proved to be stale
 * @param overHttp1 whether HTTP/1.1 is asked for where the server would rather speak HTTP/2
 */
public record Attempt(String avoid, boolean fresh, boolean overHttp1) {
  public static final Attempt FIRST = new Attempt("", false);

  /** By a connection of its own, over which the server is offered nothing but HTTP/1.1. */
  public static final Attempt OVER_HTTP_1 = new Attempt("", true, true);

  /** No kept connection will do. */
  static final Attempt OF_ITS_OWN = new Attempt("", true);

  public Attempt(String avoid, boolean fresh) {
    this(avoid, fresh, false);
  }
}
