package io.lockgate.pki;

import static io.lockgate.config.model.ConfigProblem.Severity.ERROR;
import static io.lockgate.config.model.ConfigProblem.Severity.WARNING;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.config.model.CertificateConfig;
import io.lockgate.config.model.ConfigProblem;
import io.lockgate.testkit.ManualClock;
import io.lockgate.testkit.TestCa;
import io.lockgate.testkit.TestIdentity;
import io.lockgate.testkit.TestKey;
import io.lockgate.testkit.TestPem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class IdentityLoaderTest {
  private static final int THREADS = 2;

  @TempDir private Path directory;

  private final TestCa ca = TestCa.root();

  /** A minute ahead, so that what a test has just written counts as settled. */
  private final ManualClock clock = new ManualClock(Instant.now().plus(Duration.ofMinutes(1)));

  private final IdentityLoader loader = new IdentityLoader(clock, Map.of("PW", "secret"));

  @Nested
  class FromFiles {
    @ParameterizedTest
    @EnumSource(value = TestKey.class, mode = EnumSource.Mode.EXCLUDE, names = "RSA_2048")
    void tellsWhatACertificateIs(TestKey kind) {
      TestIdentity issued = ca.leaf("a.example", "*.A.example").key(kind).issue();
      issued.writeTo(directory, "www");

      IdentityCatalog catalog = load(www());

      CertificateEntry entry = catalog.entry("www").orElseThrow();
      assertThat(entry.identity().chain()).isEqualTo(issued.chain());
      assertThat(entry.identity().key()).isEqualTo(issued.key());
      assertThat(entry.identity().dnsNames()).containsExactly("a.example", "*.a.example");
      assertThat(entry.identity().notAfter()).isEqualTo(issued.leaf().getNotAfter().toInstant());
      assertThat(entry.owner()).contains("team-web");
      assertThat(entry.source()).isEqualTo(directory.resolve("www.pem").toString());
      assertThat(catalog.byDigest(entry.identity().digest())).containsSame(entry.identity());
      assertThat(catalog.servable()).isTrue();
    }

    @Test
    void refusesAMissingFileAndSaysWhereItIsNamed() {
      ConfigProblem problem = onlyProblem(load(www()));

      assertThat(problem.severity()).isEqualTo(ERROR);
      assertThat(problem.code()).isEqualTo("file-missing");
      assertThat(problem.path()).isEqualTo("certificates.www");
      assertThat(problem.origin()).isEqualTo(TestConfig.WWW_ORIGIN);
      assertThat(problem.message())
          .isEqualTo(
              "certificate \"www\": " + directory.resolve("www.pem") + ": the file does not exist");
    }

    @Test
    void refusesAKeyOfAnotherCertificate() {
      ca.issue("a.example").writeTo(directory, "www");
      TestPem.writeSecret(directory.resolve("www.key"), ca.issue("b.example").keyPem());

      assertThat(onlyProblem(load(www())).code()).isEqualTo("key-mismatch");
    }

    @Test
    void refusesAKeyOfAnotherKind() {
      ca.issue("a.example").writeTo(directory, "www");
      TestIdentity rsa = ca.leaf("a.example").key(TestKey.RSA_1024).issue();
      TestPem.writeSecret(directory.resolve("www.key"), rsa.keyPem());

      assertThat(onlyProblem(load(www())).code()).isEqualTo("key-mismatch");
    }

    @Test
    void refusesACertificateThatIsCutShort() {
      TestIdentity issued = ca.issue("a.example");
      issued.writeTo(directory, "www");
      String pem = issued.chainPem();
      TestPem.write(directory.resolve("www.pem"), pem.substring(0, pem.length() / 2));

      assertThat(onlyProblem(load(www())).code()).isEqualTo("pem-malformed");
    }

    @Test
    void refusesABlockThatHoldsNoCertificate() {
      ca.issue("a.example").writeTo(directory, "www");
      TestPem.write(
          directory.resolve("www.pem"), TestPem.block("CERTIFICATE", new byte[] {0x30, 1, 2}));

      assertThat(onlyProblem(load(www())).code()).isEqualTo("certificate-malformed");
    }

    @Test
    void hintsAtConversionWhereTheFileIsDer() throws Exception {
      TestIdentity issued = ca.issue("a.example");
      issued.writeTo(directory, "www");
      Files.write(directory.resolve("www.pem"), issued.leaf().getEncoded());

      ConfigProblem problem = onlyProblem(load(www()));
      assertThat(problem.code()).isEqualTo("certificate-missing");
      assertThat(problem.hint().orElse("")).contains("convert it to PEM");
    }

    @Test
    void refusesAKeyFileWithoutAKey() {
      TestIdentity issued = ca.issue("a.example");
      issued.writeTo(directory, "www");
      TestPem.writeSecret(directory.resolve("www.key"), issued.chainPem());

      assertThat(onlyProblem(load(www())).code()).isEqualTo("key-missing");
    }

    @Test
    void asksForThePasswordOfAnEncryptedKey() {
      TestIdentity issued = ca.issue("a.example");
      issued.writeTo(directory, "www");
      Path key = directory.resolve("www.key");
      TestPem.writeSecret(key, issued.encryptedKeyPem("secret"));
      Path chain = directory.resolve("www.pem");

      assertThat(onlyProblem(load(www())).code()).isEqualTo("password-missing");
      assertThat(onlyProblem(load(TestConfig.www(chain, key, "OTHER"))).message())
          .contains("the environment variable OTHER is not set");
      assertThat(load(TestConfig.www(chain, key, "PW")).problems()).isEmpty();
    }

    @Test
    void tellsAWrongPassword() {
      TestIdentity issued = ca.issue("a.example");
      issued.writeTo(directory, "www");
      Path key = directory.resolve("www.key");
      TestPem.writeSecret(key, issued.encryptedKeyPem("another"));

      CertificateConfig config = TestConfig.www(directory.resolve("www.pem"), key, "PW");
      assertThat(onlyProblem(load(config)).code()).isEqualTo("password-wrong");
    }

    @Test
    void tellsAWrongPasswordOfPkcs12() throws IOException {
      Path store = directory.resolve("www.p12");
      Files.write(store, ca.issue("a.example").pkcs12("another"));
      TestPem.writeSecret(directory.resolve("unused"), "");

      CertificateConfig config = TestConfig.www(store, store, "PW");
      assertThat(onlyErrors(load(config)))
          .extracting(ConfigProblem::code)
          .containsExactly("password-wrong");
    }

    @Test
    void readsChainAndKeyFromOneFile() {
      TestIdentity issued = ca.intermediate("Issuing").issue("a.example");
      Path both = directory.resolve("both.pem");
      TestPem.writeSecret(both, issued.traditionalKeyPem() + issued.chainPem());

      assertThat(load(TestConfig.www(both, both)).entry("www").orElseThrow().identity().chain())
          .isEqualTo(issued.chain());
    }
  }

  @Nested
  class FromADirectory {
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

      IdentityCatalog catalog = load(tenants());

      assertThat(catalog.problems()).isEmpty();
      assertThat(catalog.entries())
          .extracting(CertificateEntry::name)
          .containsExactly("tenants/a.pem", "tenants/b.pem", "tenants/c.pem");
      assertThat(catalog.entries())
          .extracting(CertificateEntry::configName)
          .containsOnly("tenants");
    }

    @Test
    void servesTheOthersWhereOnePairIsBad() {
      ca.issue("a.example").writeTo(directory, "a");
      ca.issue("b.example").writeTo(directory, "b");
      TestPem.write(directory.resolve("b.key"), "");

      IdentityCatalog catalog = load(tenants());

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

      IdentityCatalog catalog = load(tenants());

      assertThat(catalog.servable()).isTrue();
      assertThat(catalog.entry("tenants/good.pem")).isPresent();
      assertThat(catalog.entries())
          .allSatisfy(entry -> assertThat(CertificateFacts.of(entry, clock.instant())).isNotNull());
    }

    @Test
    void goesOnServingWhatABadPairHeldBefore() {
      TestIdentity before = ca.issue("a.example");
      before.writeTo(directory, "a");
      IdentityCatalog first = load(tenants());
      TestPem.write(directory.resolve("a.pem"), "damaged");

      IdentityCatalog second = loader.load(TestConfig.of(tenants()), first, THREADS);
      IdentityCatalog third = loader.load(TestConfig.of(tenants()), second, THREADS);

      for (IdentityCatalog catalog : List.of(second, third)) {
        CertificateEntry entry = catalog.entry("tenants/a.pem").orElseThrow();
        assertThat(entry.identity()).isSameAs(identity(first, "tenants/a.pem"));
        assertThat(entry.findings())
            .extracting(Finding::code)
            .containsExactly("certificate-missing");
        assertThat(onlyProblem(catalog).message()).contains("goes on being served");
      }
    }

    @Test
    void takesTheMendedPair() {
      TestPem.write(directory.resolve("a.pem"), "damaged");
      IdentityCatalog damaged = load(tenants());
      ca.issue("a.example").writeTo(directory, "a");

      IdentityCatalog mended = loader.load(TestConfig.of(tenants()), damaged, THREADS);

      assertThat(mended.problems()).isEmpty();
      assertThat(mended.entries()).hasSize(1);
    }

    @Test
    void forgetsARemovedPair() throws IOException {
      ca.issue("a.example").writeTo(directory, "a");
      IdentityCatalog first = load(tenants());
      Files.delete(directory.resolve("a.pem"));

      assertThat(loader.load(TestConfig.of(tenants()), first, THREADS).entries()).isEmpty();
    }

    @Test
    void refusesADirectoryThatDoesNotExist() {
      IdentityCatalog catalog = load(TestConfig.tenants(directory.resolve("nowhere")));

      assertThat(onlyErrors(catalog))
          .extracting(ConfigProblem::code)
          .containsExactly("file-missing");
      assertThat(catalog.servable()).isFalse();
    }
  }

  @Nested
  class WhenLoadedAgain {
    @Test
    void keepsTheVeryIdentityOfUnchangedFiles() {
      ca.issue("a.example").writeTo(directory, "www");
      IdentityCatalog first = load(www());

      IdentityCatalog second = loader.load(TestConfig.of(www()), first, THREADS);

      assertThat(identity(second, "www")).isSameAs(identity(first, "www"));
      assertThat(second.sameIdentities(first)).isTrue();
    }

    @Test
    void doesNotReadFilesWhoseStampIsUnchanged() throws IOException {
      Path chain = ca.issue("a.example").writeTo(directory, "www");
      IdentityCatalog first = load(www());
      var modified = Files.getLastModifiedTime(chain);
      TestPem.write(chain, "x".repeat((int) Files.size(chain)));
      Files.setLastModifiedTime(chain, modified);

      IdentityCatalog second = loader.load(TestConfig.of(www()), first, THREADS);

      assertThat(identity(second, "www")).isSameAs(identity(first, "www"));
    }

    @Test
    void readsAgainWhatChangedWithinATickOfTheFileClock() throws IOException {
      IdentityLoader prompt = new IdentityLoader(new ManualClock(Instant.now()), Map.of());
      Path chain = ca.issue("a.example").writeTo(directory, "www");
      IdentityCatalog first = prompt.load(TestConfig.of(www()), IdentityCatalog.EMPTY, 1);
      var modified = Files.getLastModifiedTime(chain);
      TestPem.write(chain, "x".repeat((int) Files.size(chain)));
      Files.setLastModifiedTime(chain, modified);

      assertThat(prompt.load(TestConfig.of(www()), first, 1).servable()).isFalse();
    }

    @Test
    void keepsTheIdentityOfFilesWrittenAgainWithTheSameContent() throws IOException {
      TestIdentity issued = ca.issue("a.example");
      issued.writeTo(directory, "www");
      IdentityCatalog first = load(www());
      Files.delete(directory.resolve("www.pem"));
      issued.writeTo(directory, "www");

      assertThat(identity(loader.load(TestConfig.of(www()), first, THREADS), "www"))
          .isSameAs(identity(first, "www"));
    }

    @Test
    void keepsTheIdentityWhereOnlyTheKeysFormChanged() {
      TestIdentity issued = ca.issue("a.example");
      issued.writeTo(directory, "www");
      IdentityCatalog first = load(www());
      TestPem.writeSecret(directory.resolve("www.key"), issued.traditionalKeyPem());

      assertThat(identity(loader.load(TestConfig.of(www()), first, THREADS), "www"))
          .isSameAs(identity(first, "www"));
    }

    @Test
    void takesTheRenewedCertificate() {
      ca.issue("a.example").writeTo(directory, "www");
      IdentityCatalog first = load(www());
      TestIdentity renewed = ca.issue("a.example");
      renewed.writeTo(directory, "www");

      IdentityCatalog second = loader.load(TestConfig.of(www()), first, THREADS);

      assertThat(identity(second, "www").leaf()).isEqualTo(renewed.leaf());
      assertThat(second.sameIdentities(first)).isFalse();
    }

    @Test
    void looksAtTheDayAgain() {
      ca.issue("a.example").writeTo(directory, "www");
      IdentityCatalog first = load(www());
      clock.advance(Duration.ofDays(100));

      IdentityCatalog second = loader.load(TestConfig.of(www()), first, THREADS);

      assertThat(first.problems()).isEmpty();
      assertThat(onlyProblem(second).code()).isEqualTo("expired");
    }

    @Test
    void sharesIssuersWithWhatWasLoadedBefore() {
      TestCa issuing = ca.intermediate("Issuing");
      issuing.issue("a.example").writeTo(directory, "a");
      IdentityCatalog first = load(tenants());
      issuing.issue("b.example").writeTo(directory, "b");

      IdentityCatalog second = loader.load(TestConfig.of(tenants()), first, THREADS);

      assertThat(identity(second, "tenants/b.pem").issuers().get(0))
          .isSameAs(identity(first, "tenants/a.pem").issuers().get(0));
    }
  }

  @Test
  void buildsTheSameContentOnceWhateverTheNumberOfNames() {
    TestIdentity shared = ca.issue("*.example");
    for (String name : List.of("a", "b", "c")) {
      shared.writeTo(directory, name);
    }

    IdentityCatalog catalog = load(tenants());

    assertThat(catalog.entries()).hasSize(3);
    assertThat(identity(catalog, "tenants/b.pem")).isSameAs(identity(catalog, "tenants/a.pem"));
    assertThat(identity(catalog, "tenants/c.pem")).isSameAs(identity(catalog, "tenants/a.pem"));
  }

  private CertificateConfig www() {
    return TestConfig.www(directory.resolve("www.pem"), directory.resolve("www.key"));
  }

  private CertificateConfig tenants() {
    return TestConfig.tenants(directory);
  }

  private IdentityCatalog load(CertificateConfig... certificates) {
    return loader.load(TestConfig.of(certificates), IdentityCatalog.EMPTY, THREADS);
  }

  private static Identity identity(IdentityCatalog catalog, String name) {
    return catalog.entry(name).orElseThrow().identity();
  }

  private static ConfigProblem onlyProblem(IdentityCatalog catalog) {
    assertThat(catalog.problems()).hasSize(1);
    return catalog.problems().get(0);
  }

  private static List<ConfigProblem> onlyErrors(IdentityCatalog catalog) {
    return catalog.problems().stream().filter(p -> p.severity() == ERROR).toList();
  }
}
