package io.lockgate.pki;

import static io.lockgate.config.model.ConfigProblem.Severity.WARNING;
import static io.lockgate.pki.IdentityScene.THREADS;
import static io.lockgate.pki.IdentityScene.identity;
import static io.lockgate.pki.IdentityScene.onlyErrors;
import static io.lockgate.pki.IdentityScene.onlyProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.config.model.ConfigProblem;
import io.lockgate.testkit.TestCa;
import io.lockgate.testkit.TestIdentity;
import io.lockgate.testkit.TestPem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates of a whole directory. */
class IdentityDirectoryTest {
  @TempDir private Path directory;
  private final TestCa ca = TestCa.root();
  private IdentityScene scene;

  @BeforeEach
  void begin() {
    scene = new IdentityScene(directory);
  }

  @Test
  void takesPairsAndSingleFilesAndLeavesOutTheRest() throws IOException {
    ca.issue("a.example").writeTo(directory, "a");
    TestIdentity b = ca.issue("b.example");
    TestPem.writeSecret(directory.resolve("b.pem"), b.chainPem() + b.keyPem());
    Files.writeString(directory.resolve(".hidden.pem"), "not for us");
    Files.writeString(directory.resolve("readme.txt"), "not for us");
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    Path target = ca.issue("c.example").writeTo(elsewhere, "c");
    Files.createSymbolicLink(directory.resolve("c.pem"), target);
    Files.createSymbolicLink(directory.resolve("c.key"), elsewhere.resolve("c.key"));

    IdentityCatalog catalog = scene.load(scene.tenants());

    assertThat(catalog.problems()).isEmpty();
    assertThat(catalog.entries())
        .extracting(CertificateEntry::name)
        .containsExactly("tenants/a.pem", "tenants/b.pem", "tenants/c.pem");
    assertThat(catalog.entries()).extracting(CertificateEntry::configName).containsOnly("tenants");
  }

  @Test
  void servesTheOthersWhereOnePairIsBad() {
    ca.issue("a.example").writeTo(directory, "a");
    ca.issue("b.example").writeTo(directory, "b");
    TestPem.write(directory.resolve("b.key"), "");

    IdentityCatalog catalog = scene.load(scene.tenants());

    assertThat(catalog.entries())
        .extracting(CertificateEntry::name)
        .containsExactly("tenants/a.pem");
    ConfigProblem problem = onlyProblem(catalog);
    assertThat(problem.severity()).isEqualTo(WARNING);
    assertThat(problem.code()).isEqualTo("key-missing");
    assertThat(problem.message()).contains("tenants/b.pem").contains("names are not served");
  }

  /** Each with one octet changed, in all its parts. */
  @Test
  void servesTheOthersHoweverACertificateIsDamaged() throws Exception {
    ca.issue("good.example").writeTo(directory, "good");
    TestIdentity issued = ca.issue("a.example");
    byte[] der = issued.leaf().getEncoded();
    for (int at = 0; at < der.length; at++) {
      byte[] damaged = der.clone();
      damaged[at] ^= (byte) 0xa5;
      TestPem.writeSecret(
          directory.resolve("damaged-" + at + ".pem"),
          TestPem.block("CERTIFICATE", damaged) + issued.traditionalKeyPem());
    }

    IdentityCatalog catalog = scene.load(scene.tenants());

    assertThat(catalog.servable()).isTrue();
    assertThat(catalog.entry("tenants/good.pem")).isPresent();
    assertThat(catalog.entries())
        .allSatisfy(
            entry -> assertThat(CertificateFacts.of(entry, scene.clock.instant())).isNotNull());
  }

  @Test
  void goesOnServingWhatABadPairHeldBefore() {
    TestIdentity before = ca.issue("a.example");
    before.writeTo(directory, "a");
    IdentityCatalog first = scene.load(scene.tenants());
    TestPem.write(directory.resolve("a.pem"), "damaged");

    IdentityCatalog second = scene.loader.load(TestConfig.of(scene.tenants()), first, THREADS);
    IdentityCatalog third = scene.loader.load(TestConfig.of(scene.tenants()), second, THREADS);

    for (IdentityCatalog catalog : List.of(second, third)) {
      CertificateEntry entry = catalog.entry("tenants/a.pem").orElseThrow();
      assertThat(entry.identity()).isSameAs(identity(first, "tenants/a.pem"));
      assertThat(entry.findings()).extracting(Finding::code).containsExactly("certificate-missing");
      assertThat(onlyProblem(catalog).message()).contains("goes on being served");
    }
  }

  @Test
  void takesTheMendedPair() {
    TestPem.write(directory.resolve("a.pem"), "damaged");
    IdentityCatalog damaged = scene.load(scene.tenants());
    ca.issue("a.example").writeTo(directory, "a");

    IdentityCatalog mended = scene.loader.load(TestConfig.of(scene.tenants()), damaged, THREADS);

    assertThat(mended.problems()).isEmpty();
    assertThat(mended.entries()).hasSize(1);
  }

  @Test
  void forgetsARemovedPair() throws IOException {
    ca.issue("a.example").writeTo(directory, "a");
    IdentityCatalog first = scene.load(scene.tenants());
    Files.delete(directory.resolve("a.pem"));

    assertThat(scene.loader.load(TestConfig.of(scene.tenants()), first, THREADS).entries())
        .isEmpty();
  }

  @Test
  void refusesADirectoryThatDoesNotExist() {
    IdentityCatalog catalog = scene.load(TestConfig.tenants(directory.resolve("nowhere")));

    assertThat(onlyErrors(catalog)).extracting(ConfigProblem::code).containsExactly("file-missing");
    assertThat(catalog.servable()).isFalse();
  }

  @Test
  void buildsTheSameContentOnceWhateverTheNumberOfNames() {
    TestIdentity shared = ca.issue("*.example");
    for (String name : List.of("a", "b", "c")) {
      shared.writeTo(directory, name);
    }

    IdentityCatalog catalog = scene.load(scene.tenants());

    assertThat(catalog.entries()).hasSize(3);
    assertThat(identity(catalog, "tenants/b.pem")).isSameAs(identity(catalog, "tenants/a.pem"));
    assertThat(identity(catalog, "tenants/c.pem")).isSameAs(identity(catalog, "tenants/a.pem"));
  }
}
