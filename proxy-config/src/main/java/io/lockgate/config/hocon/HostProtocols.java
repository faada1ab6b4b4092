package io.lockgate.config.hocon;

import io.lockgate.config.model.ListenerConfig;
import io.lockgate.config.model.TlsPolicy;
import java.util.List;
import java.util.Map;

/** Checks that a host's policy leaves a protocol to speak on each listener it is served on. */
final class HostProtocols {
  private final Reading reading;
  private final Map<String, TlsPolicy> policies;
  private final List<ListenerConfig> listeners;

  HostProtocols(Reading reading, Map<String, TlsPolicy> policies, List<ListenerConfig> listeners) {
    this.reading = reading;
    this.policies = policies;
    this.listeners = listeners;
  }

  /**
   * @param servedOn names of listeners; all if empty
   */
  void check(String name, Block host, List<String> servedOn, String policyName) {
    TlsPolicy policy = policies.get(policyName);
    if (policy == null || policy.alpn().isEmpty()) {
      return;
    }
    for (ListenerConfig listener : listeners) {
      boolean served = servedOn.isEmpty() || servedOn.contains(listener.name());
      if (served
          && listener.tls()
          && !listener.protocols().isEmpty()
          && policy.narrow(listener.protocols()).isEmpty()) {
        reading.error(
            "no-protocols",
            host.pathOf("tls-policy"),
            host.originOf("tls-policy"),
            "host \""
                + name
                + "\" speaks nothing on listener \""
                + listener.name()
                + "\": the TLS policy \""
                + policyName
                + "\" has other protocols",
            "the listener speaks " + String.join(", ", listener.protocols()));
      }
    }
  }
}
