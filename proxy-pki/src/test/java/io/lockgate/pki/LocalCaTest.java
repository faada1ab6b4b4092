package io.lockgate.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.lockgate.config.model.CertificateConfig;
import io.lockgate.config.model.ConfigProblem;
import io.lockgate.testkit.ManualClock;
import io.lockgate.testkit.TestPem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalCaTest {
  private static final String[] NAMES = {"localhost", "*.localhost", "127.0.0.1", "::1"};

  @TempDir private Path parent;

  private final ManualClock clock = new ManualClock(Instant.now());
  private final IdentityLoader loader = new IdentityLoader(clock, Map.of());
  private Path directory;

  @BeforeEach
  void nameDirectory() {
    directory = parent.resolve("var").resolve("local-ca");
  }

  @Test
  void makesARootAndALeafForTheNames() throws Exception {
    IdentityCatalog catalog = load(NAMES);

    assertThat(catalog.problems()).isEmpty();
    assertThat(catalog.notes()).hasSize(2);
    Identity identity = leaf(catalog);
    assertThat(identity.dnsNames()).containsExactly("localhost", "*.localhost");
    assertThat(identity.addresses())
        .extracting("hostAddress")
        .containsExactly("127.0.0.1", "0:0:0:0:0:0:0:1");
    assertThat(identity.keyKind()).isEqualTo(KeyKind.EC_P256);
    assertThatCode(() -> identity.leaf().verify(root().getPublicKey())).doesNotThrowAnyException();
    assertThat(Duration.between(clock.instant(), root().getNotAfter().toInstant()).toDays())
        .isGreaterThan(3600);
  }

  @Test
  void keepsKeysFromOthers() throws IOException {
    load(NAMES);

    assertThat(mode(directory)).isEqualTo("rwx------");
    assertThat(mode(directory.resolve("root.key"))).isEqualTo("rw-------");
    assertThat(mode(directory.resolve("local.key"))).isEqualTo("rw-------");
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .as("no draft is left behind")
          .containsExactlyInAnyOrder("root.pem", "root.key", "local.pem", "local.key");
    }
  }

  @Test
  void makesNothingAnewWhileAllIsGood() {
    Identity first = leaf(load(NAMES));

    IdentityCatalog again = load(NAMES);

    assertThat(leaf(again)).isEqualTo(first);
    assertThat(again.notes()).isEmpty();
  }

  @Test
  void renewsTheLeafWhenAThirdOfItsLifeIsLeftButNeverTheRoot() throws Exception {
    Identity first = leaf(load(NAMES));
    X509Certificate firstRoot = root();
    clock.advance(Duration.ofDays(59));
    assertThat(leaf(load(NAMES))).isEqualTo(first);
    clock.advance(Duration.ofDays(2));

    IdentityCatalog renewed = load(NAMES);

    assertThat(leaf(renewed)).isNotEqualTo(first);
    assertThat(renewed.problems()).isEmpty();
    assertThat(root()).isEqualTo(firstRoot);
  }

  @Test
  void renewsTheLeafWhenItsNamesChange() {
    load(NAMES);

    assertThat(leaf(load("localhost", "app.test")).dnsNames())
        .containsExactly("localhost", "app.test");
  }

  @Test
  void checksWithoutMakingAnything() {
    IdentityCatalog catalog = loader.check(TestConfig.of(source(NAMES)), IdentityCatalog.EMPTY, 1);

    assertThat(directory).doesNotExist();
    assertThat(catalog.problems()).isEmpty();
    assertThat(leaf(catalog).dnsNames()).containsExactly("localhost", "*.localhost");
    assertThat(catalog.notes()).hasSize(1);
    assertThat(catalog.notes().get(0)).startsWith("would make a certificate for [localhost");
  }

  @Test
  void checksWhatIsThere() {
    Identity made = leaf(load(NAMES));

    IdentityCatalog catalog = loader.check(TestConfig.of(source(NAMES)), IdentityCatalog.EMPTY, 1);

    assertThat(leaf(catalog)).isEqualTo(made);
    assertThat(catalog.notes()).isEmpty();
  }

  @Test
  void reportsADamagedRoot() {
    load(NAMES);
    TestPem.write(directory.resolve("root.pem"), "damaged");

    ConfigProblem problem = load(NAMES).problems().get(0);

    assertThat(problem.code()).isEqualTo("local-ca-damaged");
    assertThat(problem.severity()).isEqualTo(ConfigProblem.Severity.ERROR);
  }

  @Test
  void refusesALeafNamedLikeTheRoot() {
    CertificateConfig source =
        TestConfig.certificate(
            "root", new CertificateConfig.Source.LocalCa(directory, List.of("localhost")));

    assertThat(loader.load(TestConfig.of(source), IdentityCatalog.EMPTY, 1).problems())
        .extracting(ConfigProblem::code)
        .containsExactly("local-ca-name");
  }

  @Test
  void givesEveryRacingLoaderAPairThatFits() throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(8);
    try {
      List<Future<IdentityCatalog>> racing = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        racing.add(executor.submit(() -> load(NAMES)));
      }
      for (Future<IdentityCatalog> one : racing) {
        IdentityCatalog catalog = one.get();
        assertThat(catalog.problems()).isEmpty();
        assertThatCode(() -> leaf(catalog).leaf().verify(root().getPublicKey()))
            .as("signed by the root that won")
            .doesNotThrowAnyException();
      }
    } finally {
      executor.shutdownNow();
    }
  }

  private IdentityCatalog load(String... names) {
    return loader.load(TestConfig.of(source(names)), IdentityCatalog.EMPTY, 1);
  }

  private CertificateConfig source(String... names) {
    return TestConfig.local(directory, names);
  }

  private static Identity leaf(IdentityCatalog catalog) {
    return catalog.entry("local").orElseThrow().identity();
  }

  private X509Certificate root() throws Exception {
    Path file = LocalCa.rootFile((CertificateConfig.Source.LocalCa) source("localhost").source());
    try (InputStream in = Files.newInputStream(file)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
