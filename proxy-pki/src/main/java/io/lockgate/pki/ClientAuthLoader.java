package io.lockgate.pki;

import io.lockgate.config.model.AllowRule;
import io.lockgate.config.model.ClientAuthConfig;
import io.lockgate.config.model.ConfigProblem;
import io.lockgate.config.model.HostConfig;
import io.lockgate.config.model.HostPattern;
import io.lockgate.config.model.Origin;
import io.lockgate.config.model.ProxyConfig;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes a catalog of what hosts ask of client certificates at this moment. Runs on the control
 * thread and reads files; never to be called on an event loop.
 */
public final class ClientAuthLoader {
  private final Clock clock;

  public ClientAuthLoader(Clock clock) {
    this.clock = clock;
  }

  /**
   * Reads every trust bundle and revocation list that the configuration names.
   *
   * @param previous what serves now, or {@link ClientAuthCatalog#EMPTY}
   */
  public ClientAuthCatalog load(ProxyConfig config, ClientAuthCatalog previous) {
    return new Load(config, previous).catalog();
  }

  /** One load. A problem of a file is told once, whatever the number of hosts that name it. */
  private final class Load {
    private final ProxyConfig config;
    private final Instant now = clock.instant();
    private final ClientAuthFiles.Reader reader;
    private final Map<Key, ClientVerifier> made = new HashMap<>();
    private final Map<HostPattern, ClientVerifier> verifiers = new HashMap<>();
    private final List<ConfigProblem> problems = new ArrayList<>();
    private final Set<String> told = new HashSet<>();

    Load(ProxyConfig config, ClientAuthCatalog previous) {
      this.config = config;
      this.reader = new ClientAuthFiles.Reader(previous.files());
    }

    ClientAuthCatalog catalog() {
      for (HostConfig host : config.hosts()) {
        host.clientAuth().ifPresent(auth -> add(host, auth));
      }
      return new ClientAuthCatalog(verifiers, problems, reader.files());
    }

    private void add(HostConfig host, ClientAuthConfig auth) {
      Key key = new Key(auth.trust(), auth.crls(), auth.allow());
      ClientVerifier verifier = made.get(key);
      if (verifier == null) {
        TrustBundle trust = trust(host, auth);
        verifier = new ClientVerifier(trust, revocations(host, auth, trust), auth.allow(), clock);
        made.put(key, verifier);
      }
      verifiers.put(host.name(), verifier);
    }

    private TrustBundle trust(HostConfig host, ClientAuthConfig auth) {
      List<X509Certificate> certificates = new ArrayList<>();
      for (Path file : auth.trust()) {
        try {
          certificates.addAll(reader.certificates(file));
        } catch (CertificateFileException e) {
          tell(host, "trust", e);
        }
      }
      TrustBundle trust = reader.bundle(certificates);
      trust.lint(now).forEach(finding -> tell(host, "trust", finding));
      return trust;
    }

    private RevocationLists revocations(HostConfig host, ClientAuthConfig auth, TrustBundle trust) {
      List<RevocationList> lists = new ArrayList<>();
      for (Path file : auth.crls()) {
        try {
          lists.addAll(reader.lists(file, trust));
        } catch (CertificateFileException e) {
          tell(host, "crl", e);
        }
      }
      RevocationLists all = new RevocationLists(lists);
      all.lint(trust, now).forEach(finding -> tell(host, "crl", finding));
      return all;
    }

    private void tell(HostConfig host, String key, CertificateFileException fault) {
      if (told.add(fault.getMessage())) {
        problems.add(
            ConfigProblem.error(
                fault.code(),
                path(host, key),
                origin(host, key),
                about(host) + fault.getMessage(),
                fault.hint()));
      }
    }

    private void tell(HostConfig host, String key, Finding finding) {
      if (told.add(finding.message())) {
        problems.add(
            new ConfigProblem(
                finding.severity(),
                finding.code(),
                path(host, key),
                origin(host, key),
                about(host) + finding.message(),
                finding.hint()));
      }
    }

    private Origin origin(HostConfig host, String key) {
      return config.origins().of(path(host, key)).orElse(Origin.BUILT_IN);
    }
  }

  private record Key(List<Path> trust, List<Path> crls, List<AllowRule> allow) {}

  private static String path(HostConfig host, String key) {
    return "hosts.\"" + host.name() + "\".client-auth." + key;
  }

  private static String about(HostConfig host) {
    return "client-auth of host \"" + host.name() + "\": ";
  }
}
