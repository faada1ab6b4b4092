package io.lockgate.admin;

import io.lockgate.config.model.AllowRule;
import io.lockgate.config.model.ClientAuthConfig;
import io.lockgate.config.model.HostConfig;
import io.lockgate.config.model.HostPattern;
import io.lockgate.config.model.RelayConfig;
import io.lockgate.config.model.RouteAction;
import io.lockgate.config.model.RouteConfig;
import java.nio.file.Path;
import java.util.List;

/**
 * A configured host as served.
 *
 * @param mode how its connections are treated: {@code http}, {@code tcp} or {@code passthrough}
 * @param upstream where its bytes go; empty for a host that speaks HTTP
 * @param clientAuth what is asked of clients' certificates
 * @param listeners where it is served; empty means everywhere
 * @param certificates names of the certificates that cover it
 */
public record HostView(
    String name,
    List<String> aliases,
    String mode,
    String upstream,
    String tlsPolicy,
    ClientAuthView clientAuth,
    List<String> listeners,
    List<String> certificates,
    List<RouteView> routes) {
  public HostView {
    aliases = List.copyOf(aliases);
    listeners = List.copyOf(listeners);
    certificates = List.copyOf(certificates);
    routes = List.copyOf(routes);
  }

  /** What the configuration says of a host. */
  public static HostView of(HostConfig host, List<String> certificates) {
    return new HostView(
        host.name().toString(),
        host.aliases().stream().map(HostPattern::toString).toList(),
        host.relay().map(relay -> Documents.lower(relay.mode())).orElse("http"),
        host.relay().map(RelayConfig::upstream).orElse(""),
        host.tlsPolicy(),
        host.clientAuth().map(ClientAuthView::of).orElse(ClientAuthView.OFF),
        host.listeners(),
        certificates,
        host.routes().stream().map(RouteView::of).toList());
  }

  /**
   * What is asked of clients' certificates, as configured.
   *
   * @param mode {@code off}, {@code optional} or {@code required}
   * @param trust files with authorities
   * @param crl files with revocation lists
   * @param allow rules of which one must be met; empty means everybody trusted
   * @param forward what upstreams are told: {@code client-cert}, {@code xfcc}
   */
  public record ClientAuthView(
      String mode, List<String> trust, List<String> crl, List<String> allow, List<String> forward) {
    static final ClientAuthView OFF =
        new ClientAuthView("off", List.of(), List.of(), List.of(), List.of());

    static ClientAuthView of(ClientAuthConfig config) {
      return new ClientAuthView(
          Documents.lower(config.mode()),
          config.trust().stream().map(Path::toString).toList(),
          config.crls().stream().map(Path::toString).toList(),
          config.allow().stream().map(AllowRule::toString).toList(),
          config.forward().stream()
              .map(forward -> Documents.lower(forward).replace('_', '-'))
              .toList());
    }
  }

  /**
   * A route, in the order in which they are tried.
   *
   * @param match {@code prefix}, {@code exact} or {@code regex}
   * @param methods empty means any
   * @param action {@code forward}, {@code redirect} or {@code respond}
   * @param target the upstream, the Location, or the status
   */
  public record RouteView(
      String match, String path, List<String> methods, String action, String target) {

    static RouteView of(RouteConfig route) {
      return new RouteView(
          matchName(route.match()),
          matchPath(route.match()),
          route.methods(),
          actionName(route.action()),
          actionTarget(route.action()));
    }

    private static String matchName(RouteConfig.Match match) {
      return match instanceof RouteConfig.Match.Prefix
          ? "prefix"
          : match instanceof RouteConfig.Match.Exact ? "exact" : "regex";
    }

    private static String matchPath(RouteConfig.Match match) {
      if (match instanceof RouteConfig.Match.Prefix prefix) {
        return prefix.path();
      }
      if (match instanceof RouteConfig.Match.Exact exact) {
        return exact.path();
      }
      return ((RouteConfig.Match.Regex) match).pattern();
    }

    private static String actionName(RouteAction action) {
      return action instanceof RouteAction.ForwardTo
          ? "forward"
          : action instanceof RouteAction.RedirectTo ? "redirect" : "respond";
    }

    private static String actionTarget(RouteAction action) {
      if (action instanceof RouteAction.ForwardTo forward) {
        return forward.upstream();
      }
      if (action instanceof RouteAction.RedirectTo redirect) {
        return redirect.to();
      }
      return Integer.toString(((RouteAction.RespondWith) action).status());
    }
  }
}
