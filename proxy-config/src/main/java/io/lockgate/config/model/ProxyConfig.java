package io.lockgate.config.model;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Everything an operator asked for, checked. Two equal values mean the same running proxy; origins
 * do not take part in equality, so that moving a line in a file is not a change.
 *
 * @param policies every TLS policy by name, the built-in ones included
 * @param origins where each thing was written, by its path below {@code lockgate}, such as {@code
 *     certificates.www} or {@code hosts."www.example.com".routes[2]}
 */
public record ProxyConfig(
    List<ListenerConfig> listeners,
    Map<String, TlsPolicy> policies,
    TlsConfig tls,
    List<CertificateConfig> certificates,
    List<UpstreamConfig> upstreams,
    List<HostConfig> hosts,
    HttpConfig http,
    LimitsConfig limits,
    Duration drainTimeout,
    AdminConfig admin,
    AccessLogConfig accessLog,
    AlertsConfig alerts,
    TracingConfig tracing,
    RuntimeConfig runtime,
    Origins origins) {

  public ProxyConfig {
    listeners = List.copyOf(listeners);
    policies = Map.copyOf(policies);
    certificates = List.copyOf(certificates);
    upstreams = List.copyOf(upstreams);
    hosts = List.copyOf(hosts);
  }

  /** A lookup that never takes part in equality. */
  public static final class Origins {
    public static final Origins NONE = new Origins(path -> Optional.empty());

    private final Function<String, Optional<Origin>> byPath;

    public Origins(Function<String, Optional<Origin>> byPath) {
      this.byPath = byPath;
    }

    public Origins(Map<String, Origin> byPath) {
      this(path -> Optional.ofNullable(byPath.get(path)));
    }

    public Optional<Origin> of(String path) {
      return byPath.apply(path);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Origins;
    }

    @Override
    public int hashCode() {
      return 1;
    }

    @Override
    public String toString() {
      return "Origins";
    }
  }
}
