package io.lockgate.route;

import io.lockgate.coding.Compression;
import io.lockgate.coding.Encoders;
import io.lockgate.config.model.CompressionConfig;
import io.lockgate.config.model.RouteAction;
import io.lockgate.config.model.RouteConfig;
import io.lockgate.http.AsciiBytes;
import io.lockgate.http.CompiledEdits;
import io.lockgate.http.Method;
import io.lockgate.http.PathView;
import io.lockgate.http.RequestHead;
import io.lockgate.limit.RequestLimiter;
import io.lockgate.upstream.RetryTerms;
import io.lockgate.upstream.Upstream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The routes of one host, compiled once per snapshot. Immutable; the first match wins. */
public final class RouteTable {
  private final Route[] routes;

  private RouteTable(List<Route> routes) {
    this.routes = routes.toArray(Route[]::new);
  }

  /** A table without limits on requests. */
  public static RouteTable compile(List<RouteConfig> routes, Function<String, Upstream> upstreams) {
    return compile(routes, upstreams, route -> Optional.empty(), new Encoders());
  }

  /**
   * @param upstreams finds a checked upstream by its configured name
   * @param limits what a route is held to
   * @param encoders for what is compressed
   */
  public static RouteTable compile(
      List<RouteConfig> routes,
      Function<String, Upstream> upstreams,
      Function<RouteConfig, Optional<RequestLimiter>> limits,
      Encoders encoders) {
    Map<CompressionConfig, Compression> compressions = new HashMap<>();
    List<Route> compiled = new ArrayList<>(routes.size());
    for (RouteConfig route : routes) {
      Optional<Compression> compression =
          route
              .compression()
              .map(
                  config -> compressions.computeIfAbsent(config, c -> Compression.of(c, encoders)));
      compiled.add(compile(route, upstreams, limits.apply(route), compression));
    }
    return new RouteTable(compiled);
  }

  /**
   * The route that serves the request; empty where there is none.
   *
   * @throws UndecidedPath where a regular expression takes too long over the path
   */
  public Optional<Route> match(RequestHead head) {
    for (Route route : routes) {
      if (route.match().matches(head.path()) && route.allows(head)) {
        return Optional.of(route);
      }
    }
    return Optional.empty();
  }

  /**
   * The value of {@code Allow} for a request that no route takes: the methods with which one would.
   * Empty where the path is not served at all.
   *
   * @throws UndecidedPath as {@link #match}
   */
  public String allowed(RequestHead head) {
    Set<String> methods = new LinkedHashSet<>();
    for (Route route : routes) {
      if (route.match().matches(head.path())) {
        route.methods().forEach(method -> methods.add(method.name()));
        methods.addAll(route.otherMethods());
      }
    }
    return String.join(", ", methods);
  }

  private static Route compile(
      RouteConfig route,
      Function<String, Upstream> upstreams,
      Optional<RequestLimiter> limiter,
      Optional<Compression> compression) {
    EnumSet<Method> methods = EnumSet.noneOf(Method.class);
    Set<String> otherMethods = new HashSet<>();
    for (String name : route.methods()) {
      byte[] text = name.getBytes(StandardCharsets.ISO_8859_1);
      Method method = Method.of(text, 0, text.length);
      if (method == Method.OTHER) {
        otherMethods.add(name);
      } else {
        methods.add(method);
      }
    }
    Action action = compile(route.action(), upstreams);
    return new Route(
        compile(route.match()),
        methods,
        Set.copyOf(otherMethods),
        action,
        strippedOctets(route.stripPrefix()),
        route.rewrite().map(PathRewrite::of),
        route.timeout().map(Duration::toNanos).orElse(0L),
        route.maxBody().orElse(Long.MAX_VALUE),
        retry(route, action),
        limiter,
        compression,
        CompiledEdits.of(route.requestHeaders()),
        CompiledEdits.of(route.responseHeaders()));
  }

  private static RetryTerms retry(RouteConfig route, Action action) {
    if (!(action instanceof Action.Forward forward)) {
      return RetryTerms.NEVER;
    }
    RetryTerms common = forward.upstream().retryTerms();
    return route.retry().map(common::with).orElse(common);
  }

  /** A trailing slash stays, since what is forwarded must begin with one. */
  private static int strippedOctets(Optional<String> prefix) {
    int length = prefix.map(path -> PathView.normalised(path).length).orElse(0);
    return prefix.orElse("").endsWith("/") ? length - 1 : length;
  }

  static PathMatch compile(RouteConfig.Match match) {
    if (match instanceof RouteConfig.Match.Prefix prefix) {
      return PathMatch.prefix(prefix.path());
    } else if (match instanceof RouteConfig.Match.Exact exact) {
      return PathMatch.exact(exact.path());
    } else if (match instanceof RouteConfig.Match.Regex regex) {
      return PathMatch.regex(regex.pattern());
    }
    throw new AssertionError(match);
  }

  private static Action compile(RouteAction action, Function<String, Upstream> upstreams) {
    if (action instanceof RouteAction.ForwardTo forward) {
      return new Action.Forward(upstreams.apply(forward.upstream()));
    } else if (action instanceof RouteAction.RedirectTo redirect) {
      return new Action.Redirect(redirect.status(), AsciiBytes.of(redirect.to()));
    } else if (action instanceof RouteAction.RespondWith respond) {
      return new Action.Respond(
          respond.status(),
          respond.body().getBytes(StandardCharsets.UTF_8),
          AsciiBytes.of(respond.contentType()));
    }
    throw new AssertionError(action);
  }
}
