package io.lockgate.config.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A name that clients ask for, and how it is served.
 *
 * @param name the pattern under which the host stands in the configuration; also its metric label
 * @param aliases further patterns
 * @param listeners names of the listeners that serve it; empty means all
 * @param tlsPolicy name of the policy, resolved (never empty)
 * @param clientAuth what is asked of clients' certificates; empty asks for none
 * @param answers what is put into its answers
 */
public record HostConfig(
    HostPattern name,
    List<HostPattern> aliases,
    List<String> listeners,
    String tlsPolicy,
    Optional<ClientAuthConfig> clientAuth,
    Optional<Hsts> hsts,
    AnswerConfig answers,
    List<RouteConfig> routes) {

  public HostConfig {
    aliases = List.copyOf(aliases);
    listeners = List.copyOf(listeners);
    routes = List.copyOf(routes);
  }

  /** A host that asks for no client certificate. */
  public HostConfig(
      HostPattern name,
      List<HostPattern> aliases,
      List<String> listeners,
      String tlsPolicy,
      Optional<Hsts> hsts,
      List<RouteConfig> routes) {
    this(name, aliases, listeners, tlsPolicy, Optional.empty(), hsts, AnswerConfig.PLAIN, routes);
  }

  /** Strict-Transport-Security (RFC 6797). */
  public record Hsts(Duration maxAge, boolean includeSubdomains, boolean preload) {
    /** The field value. */
    public String fieldValue() {
      return "max-age="
          + maxAge.toSeconds()
          + (includeSubdomains ? "; includeSubDomains" : "")
          + (preload ? "; preload" : "");
    }
  }
}
