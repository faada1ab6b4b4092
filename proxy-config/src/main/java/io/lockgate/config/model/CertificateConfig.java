package io.lockgate.config.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where certificates come from. A name in the configuration stands for one source, a directory for
 * many certificates.
 *
 * @param owner who to ask about it; empty where not said
 * @param staple overrides the general stapling mode
 */
public record CertificateConfig(
    String name, Source source, Optional<String> owner, Optional<TlsConfig.StapleMode> staple) {

  /** The kinds of source. */
  public sealed interface Source {
    /**
     * A chain and its key in files: PEM, or PKCS#12 where {@code chain} ends in .p12 or .pfx.
     *
     * @param passwordEnv environment variable that holds the key's password
     */
    record Files(Path chain, Path key, Optional<String> passwordEnv) implements Source {}

    /** Every NAME.pem with NAME.key (or both in NAME.pem) in a directory. */
    record Directory(Path path) implements Source {}

    /** A CA of our own for development, made once below {@code directory}. */
    record LocalCa(Path directory, List<String> names) implements Source {
      public LocalCa {
        names = List.copyOf(names);
      }
    }
  }
}
