package io.lockgate.config.model;

/** How a route answers. */
public sealed interface RouteAction {
  /** Hands the request to an upstream, named as in the configuration. */
  record ForwardTo(String upstream) implements RouteAction {}

  /** Answers with a redirect; {@code to} is the Location. */
  record RedirectTo(String to, int status) implements RouteAction {}

  /** Answers with a fixed body. */
  record RespondWith(int status, String body, String contentType) implements RouteAction {}
}
