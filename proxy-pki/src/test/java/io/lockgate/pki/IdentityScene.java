package io.lockgate.pki;

import static io.lockgate.config.model.ConfigProblem.Severity.ERROR;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.config.model.CertificateConfig;
import io.lockgate.config.model.ConfigProblem;
import io.lockgate.testkit.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A loader with a clock of the test, and certificates in a directory. */
final class IdentityScene {
  static final int THREADS = 2;

  /** A minute ahead, so that what a test has just written counts as settled. */
  final ManualClock clock = new ManualClock(Instant.now().plus(Duration.ofMinutes(1)));

  final IdentityLoader loader = new IdentityLoader(clock, Map.of("PW", "secret"));
  private final Path directory;

  IdentityScene(Path directory) {
    this.directory = directory;
  }

  /** The certificate of two files, {@code www.pem} and {@code www.key}. */
  CertificateConfig www() {
    return TestConfig.www(directory.resolve("www.pem"), directory.resolve("www.key"));
  }

  /** All pairs of the directory. */
  CertificateConfig tenants() {
    return TestConfig.tenants(directory);
  }

  IdentityCatalog load(CertificateConfig... certificates) {
    return loader.load(TestConfig.of(certificates), IdentityCatalog.EMPTY, THREADS);
  }

  static Identity identity(IdentityCatalog catalog, String name) {
    return catalog.entry(name).orElseThrow().identity();
  }

  static ConfigProblem onlyProblem(IdentityCatalog catalog) {
    assertThat(catalog.problems()).hasSize(1);
    return catalog.problems().get(0);
  }

  static List<ConfigProblem> onlyErrors(IdentityCatalog catalog) {
    return catalog.problems().stream().filter(p -> p.severity() == ERROR).toList();
  }
}
