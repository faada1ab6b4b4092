package io.lockgate.pki;

import static io.lockgate.pki.IdentityScene.THREADS;
import static io.lockgate.pki.IdentityScene.identity;
import static io.lockgate.pki.IdentityScene.onlyProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.ManualClock;
import io.lockgate.testkit.TestCa;
import io.lockgate.testkit.TestIdentity;
import io.lockgate.testkit.TestPem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is loaded again, and what stays the same object. */
class IdentityReloadTest {
  @TempDir private Path directory;
  private final TestCa ca = TestCa.root();
  private IdentityScene scene;

  @BeforeEach
  void begin() {
    scene = new IdentityScene(directory);
  }

  @Test
  void keepsTheVeryIdentityOfUnchangedFiles() {
    ca.issue("a.example").writeTo(directory, "www");
    IdentityCatalog first = scene.load(scene.www());

    IdentityCatalog second = scene.loader.load(TestConfig.of(scene.www()), first, THREADS);

    assertThat(identity(second, "www")).isSameAs(identity(first, "www"));
    assertThat(second.sameIdentities(first)).isTrue();
  }

  @Test
  void doesNotReadFilesWhoseStampIsUnchanged() throws IOException {
    Path chain = ca.issue("a.example").writeTo(directory, "www");
    IdentityCatalog first = scene.load(scene.www());
    var modified = Files.getLastModifiedTime(chain);
    TestPem.write(chain, "x".repeat((int) Files.size(chain)));
    Files.setLastModifiedTime(chain, modified);

    IdentityCatalog second = scene.loader.load(TestConfig.of(scene.www()), first, THREADS);

    assertThat(identity(second, "www")).isSameAs(identity(first, "www"));
  }

  @Test
  void readsAgainWhatChangedWithinATickOfTheFileClock() throws IOException {
    IdentityLoader prompt = new IdentityLoader(new ManualClock(Instant.now()), Map.of());
    Path chain = ca.issue("a.example").writeTo(directory, "www");
    IdentityCatalog first = prompt.load(TestConfig.of(scene.www()), IdentityCatalog.EMPTY, 1);
    var modified = Files.getLastModifiedTime(chain);
    TestPem.write(chain, "x".repeat((int) Files.size(chain)));
    Files.setLastModifiedTime(chain, modified);

    assertThat(prompt.load(TestConfig.of(scene.www()), first, 1).servable()).isFalse();
  }

  @Test
  void keepsTheIdentityOfFilesWrittenAgainWithTheSameContent() throws IOException {
    TestIdentity issued = ca.issue("a.example");
    issued.writeTo(directory, "www");
    IdentityCatalog first = scene.load(scene.www());
    Files.delete(directory.resolve("www.pem"));
    issued.writeTo(directory, "www");

    assertThat(identity(scene.loader.load(TestConfig.of(scene.www()), first, THREADS), "www"))
        .isSameAs(identity(first, "www"));
  }

  @Test
  void keepsTheIdentityWhereOnlyTheKeysFormChanged() {
    TestIdentity issued = ca.issue("a.example");
    issued.writeTo(directory, "www");
    IdentityCatalog first = scene.load(scene.www());
    TestPem.writeSecret(directory.resolve("www.key"), issued.traditionalKeyPem());

    assertThat(identity(scene.loader.load(TestConfig.of(scene.www()), first, THREADS), "www"))
        .isSameAs(identity(first, "www"));
  }

  @Test
  void takesTheRenewedCertificate() {
    ca.issue("a.example").writeTo(directory, "www");
    IdentityCatalog first = scene.load(scene.www());
    TestIdentity renewed = ca.issue("a.example");
    renewed.writeTo(directory, "www");

    IdentityCatalog second = scene.loader.load(TestConfig.of(scene.www()), first, THREADS);

    assertThat(identity(second, "www").leaf()).isEqualTo(renewed.leaf());
    assertThat(second.sameIdentities(first)).isFalse();
  }

  @Test
  void looksAtTheDayAgain() {
    ca.issue("a.example").writeTo(directory, "www");
    IdentityCatalog first = scene.load(scene.www());
    scene.clock.advance(Duration.ofDays(100));

    IdentityCatalog second = scene.loader.load(TestConfig.of(scene.www()), first, THREADS);

    assertThat(first.problems()).isEmpty();
    assertThat(onlyProblem(second).code()).isEqualTo("expired");
  }

  @Test
  void sharesIssuersWithWhatWasLoadedBefore() {
    TestCa issuing = ca.intermediate("Issuing");
    issuing.issue("a.example").writeTo(directory, "a");
    IdentityCatalog first = scene.load(scene.tenants());
    issuing.issue("b.example").writeTo(directory, "b");

    IdentityCatalog second = scene.loader.load(TestConfig.of(scene.tenants()), first, THREADS);

    assertThat(identity(second, "tenants/b.pem").issuers().get(0))
        .isSameAs(identity(first, "tenants/a.pem").issuers().get(0));
  }
}
