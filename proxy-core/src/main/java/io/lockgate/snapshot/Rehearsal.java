package io.lockgate.snapshot;

import io.lockgate.config.model.ConfigProblem;
import io.lockgate.config.model.Origin;
import io.lockgate.config.model.ProxyConfig;
import io.lockgate.tls.ContextCache;
import io.lockgate.tls.TlsTerms;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Builds one native context for each policy, so that one which the library refuses is an error here
 * and not at a handshake, and so that no event loop waits for the library to load.
 */
final class Rehearsal {
  private final ProxyConfig config;
  private final IdentityIndex identities;
  private final ContextCache contexts;

  Rehearsal(ProxyConfig config, IdentityIndex identities, ContextCache contexts) {
    this.config = config;
    this.identities = identities;
    this.contexts = contexts;
  }

  /**
   * @param hosts that end TLS here and have not served before
   */
  List<ConfigProblem> problems(List<ServedHost> hosts) {
    List<ConfigProblem> problems = new ArrayList<>();
    samples(hosts)
        .forEach(
            (promise, host) -> {
              try {
                contexts.get(identities.of(host, "").get(0), host.terms());
              } catch (RuntimeException e) {
                problems.add(refused(promise, e));
              }
            });
    return problems;
  }

  /** One of the hosts that promise the same; with a certificate. */
  private Map<TlsTerms, ServedHost> samples(List<ServedHost> hosts) {
    Map<TlsTerms, ServedHost> samples = new HashMap<>();
    for (ServedHost host : hosts) {
      if (!identities.of(host, "").isEmpty()) {
        samples.putIfAbsent(host.terms().withoutResumption(), host);
      }
    }
    return samples;
  }

  private ConfigProblem refused(TlsTerms promise, RuntimeException cause) {
    String path = "tls-policies." + promise.policy().name();
    return ConfigProblem.error(
        "tls-policy-unusable",
        path,
        config.origins().of(path).orElse(Origin.BUILT_IN),
        "the TLS library refuses the policy: " + cause.getMessage(),
        "check its versions, cipher suites and groups");
  }
}
