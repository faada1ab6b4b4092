package io.lockgate.route;

import io.lockgate.config.model.RouteConfig;
import io.lockgate.http.PathView;
import java.util.ArrayList;
import java.util.List;

/** Tells beforehand which routes take a path, by the rules that serve. Pure; compiles each time. */
public final class RouteFinder {
  private RouteFinder() {}

  /**
   * Indexes of the routes that take the path, in their order: the first one whose methods fit
   * serves.
   *
   * @throws IllegalArgumentException if no request has such a path
   */
  public static List<Integer> taking(List<RouteConfig> routes, String path) {
    PathView view = PathView.of(path);
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i < routes.size(); i++) {
      if (RouteTable.compile(routes.get(i).match()).matches(view)) {
        found.add(i);
      }
    }
    return found;
  }
}
