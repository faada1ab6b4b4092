package io.lockgate.snapshot;

import io.lockgate.config.model.ConfigProblem;
import io.lockgate.config.model.Origin;
import io.lockgate.config.model.ProxyConfig;
import io.lockgate.config.model.UpstreamConfig;
import io.lockgate.config.model.UpstreamTlsConfig;
import io.lockgate.pki.CertificateEntry;
import io.lockgate.pki.Identity;
import io.lockgate.pki.IdentityCatalog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which identity the servers of an upstream are shown. Pure. */
public final class UpstreamIdentities {
  private final IdentityCatalog identities;

  public UpstreamIdentities(IdentityCatalog identities) {
    this.identities = identities;
  }

  Optional<Identity> of(UpstreamTlsConfig tls) {
    return tls.clientCertificate().flatMap(identities::entry).map(CertificateEntry::identity);
  }

  /** Upstreams whose certificate is none: a source of many has no certificate of its own name. */
  public List<ConfigProblem> problems(ProxyConfig config) {
    List<ConfigProblem> problems = new ArrayList<>();
    for (UpstreamConfig upstream : config.upstreams()) {
      Optional<String> wanted = upstream.tls().flatMap(UpstreamTlsConfig::clientCertificate);
      if (wanted.isPresent() && identities.entry(wanted.get()).isEmpty()) {
        String path = "upstreams." + upstream.name() + ".tls.client-certificate";
        problems.add(
            ConfigProblem.error(
                "no-client-certificate",
                path,
                config.origins().of(path).orElse(Origin.BUILT_IN),
                "upstream \""
                    + upstream.name()
                    + "\": there is no certificate \""
                    + wanted.get()
                    + "\" to present",
                "name an entry of certificates that gives one certificate, not a directory"));
      }
    }
    return problems;
  }
}
