package io.lockgate.pki;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The files of one certificate.
 *
 * @param key empty where the chain's file holds the key too
 * @param passwordEnv environment variable that holds the key's password
 */
record PairFiles(Path chain, Optional<Path> key, Optional<String> passwordEnv) {
  /** A PKCS#12 file holds both, so what the configuration says of a key file has no meaning. */
  static PairFiles of(Path chain, Path key, Optional<String> passwordEnv) {
    boolean together = pkcs12(chain) || key.equals(chain);
    return new PairFiles(chain, together ? Optional.empty() : Optional.of(key), passwordEnv);
  }

  boolean pkcs12() {
    return pkcs12(chain);
  }

  /** The file that must be kept from others. */
  Path secret() {
    return key.orElse(chain);
  }

  List<Path> all() {
    return key.isPresent() ? List.of(chain, key.get()) : List.of(chain);
  }

  private static boolean pkcs12(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".p12") || name.endsWith(".pfx");
  }
}
