package io.lockgate.snapshot;

import io.lockgate.config.model.ProxyConfig;
import io.lockgate.config.model.RequestLimit;
import io.lockgate.config.model.RouteConfig;
import io.lockgate.limit.LimitTable;
import io.lockgate.limit.RequestLimiter;
import java.util.Optional;

/** Which limit on requests each route of a configuration is under. Made once a build. */
final class RouteLimits {
  private final LimitTable table;
  private final Optional<RequestLimiter> common;

  RouteLimits(LimitTable table, ProxyConfig config) {
    this.table = table;
    this.common = config.limits().requests().map(limit -> table.limiter("", limit));
  }

  /**
   * @param host label of the route's host
   */
  Optional<RequestLimiter> of(String host, RouteConfig route) {
    if (route.limit() instanceof RequestLimit.Choice.Common) {
      return common;
    } else if (route.limit() instanceof RequestLimit.Choice.Own own) {
      // Named by what it matches, so that a route keeps its counts when others come before it.
      return Optional.of(
          table.limiter(host + ' ' + route.match() + ' ' + route.methods(), own.limit()));
    } else if (route.limit() instanceof RequestLimit.Choice.Unlimited) {
      return Optional.empty();
    }
    throw new AssertionError(route.limit());
  }
}
