package io.lockgate.proxy;

import io.lockgate.config.model.CertificateConfig;
import io.lockgate.config.model.CertificateConfig.Source;
import io.lockgate.config.model.HostConfig;
import io.lockgate.config.model.ProxyConfig;
import io.lockgate.config.model.UpstreamConfig;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** The names of what a reload reads. Names only: never opens a file. */
final class ConfiguredFiles {
  private ConfiguredFiles() {}

  /**
   * All of them.
   *
   * @param text what the configuration itself was read from
   */
  static Set<Path> of(ProxyConfig config, Set<Path> text) {
    Set<Path> paths = new HashSet<>(text);
    for (CertificateConfig certificate : config.certificates()) {
      if (certificate.source() instanceof Source.Files files) {
        paths.add(files.chain());
        paths.add(files.key());
      } else if (certificate.source() instanceof Source.Directory directory) {
        paths.add(directory.path());
      }
      // A local CA is changed by nobody but this process.
    }
    for (HostConfig host : config.hosts()) {
      host.clientAuth().ifPresent(terms -> paths.addAll(terms.trust()));
      host.clientAuth().ifPresent(terms -> paths.addAll(terms.crls()));
    }
    for (UpstreamConfig upstream : config.upstreams()) {
      upstream.tls().flatMap(tls -> tls.trust()).ifPresent(paths::add);
    }
    return paths;
  }
}
