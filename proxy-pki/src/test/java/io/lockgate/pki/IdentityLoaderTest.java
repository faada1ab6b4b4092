package io.lockgate.pki;

import static io.lockgate.config.model.ConfigProblem.Severity.ERROR;
import static io.lockgate.pki.IdentityScene.onlyErrors;
import static io.lockgate.pki.IdentityScene.onlyProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.config.model.CertificateConfig;
import io.lockgate.config.model.ConfigProblem;
import io.lockgate.testkit.TestCa;
import io.lockgate.testkit.TestIdentity;
import io.lockgate.testkit.TestKey;
import io.lockgate.testkit.TestPem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Certificates that are named one by one. */
class IdentityLoaderTest {
  @TempDir private Path directory;
  private final TestCa ca = TestCa.root();
  private IdentityScene scene;

  @BeforeEach
  void begin() {
    scene = new IdentityScene(directory);
  }

  @ParameterizedTest
  @EnumSource(value = TestKey.class, mode = EnumSource.Mode.EXCLUDE, names = "RSA_2048")
  void tellsWhatACertificateIs(TestKey kind) {
    TestIdentity issued = ca.leaf("a.example", "*.A.example").key(kind).issue();
    issued.writeTo(directory, "www");

    IdentityCatalog catalog = scene.load(scene.www());

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
    ConfigProblem problem = onlyProblem(scene.load(scene.www()));

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

    assertThat(onlyProblem(scene.load(scene.www())).code()).isEqualTo("key-mismatch");
  }

  @Test
  void refusesAKeyOfAnotherKind() {
    ca.issue("a.example").writeTo(directory, "www");
    TestIdentity rsa = ca.leaf("a.example").key(TestKey.RSA_1024).issue();
    TestPem.writeSecret(directory.resolve("www.key"), rsa.keyPem());

    assertThat(onlyProblem(scene.load(scene.www())).code()).isEqualTo("key-mismatch");
  }

  @Test
  void refusesACertificateThatIsCutShort() {
    TestIdentity issued = ca.issue("a.example");
    issued.writeTo(directory, "www");
    String pem = issued.chainPem();
    TestPem.write(directory.resolve("www.pem"), pem.substring(0, pem.length() / 2));

    assertThat(onlyProblem(scene.load(scene.www())).code()).isEqualTo("pem-malformed");
  }

  @Test
  void refusesABlockThatHoldsNoCertificate() {
    ca.issue("a.example").writeTo(directory, "www");
    TestPem.write(
        directory.resolve("www.pem"), TestPem.block("CERTIFICATE", new byte[] {0x30, 1, 2}));

    assertThat(onlyProblem(scene.load(scene.www())).code()).isEqualTo("certificate-malformed");
  }

  @Test
  void hintsAtConversionWhereTheFileIsDer() throws Exception {
    TestIdentity issued = ca.issue("a.example");
    issued.writeTo(directory, "www");
    Files.write(directory.resolve("www.pem"), issued.leaf().getEncoded());

    ConfigProblem problem = onlyProblem(scene.load(scene.www()));
    assertThat(problem.code()).isEqualTo("certificate-missing");
    assertThat(problem.hint().orElse("")).contains("convert it to PEM");
  }

  @Test
  void refusesAKeyFileWithoutAKey() {
    TestIdentity issued = ca.issue("a.example");
    issued.writeTo(directory, "www");
    TestPem.writeSecret(directory.resolve("www.key"), issued.chainPem());

    assertThat(onlyProblem(scene.load(scene.www())).code()).isEqualTo("key-missing");
  }

  @Test
  void asksForThePasswordOfAnEncryptedKey() {
    TestIdentity issued = ca.issue("a.example");
    issued.writeTo(directory, "www");
    Path key = directory.resolve("www.key");
    TestPem.writeSecret(key, issued.encryptedKeyPem("secret"));
    Path chain = directory.resolve("www.pem");

    assertThat(onlyProblem(scene.load(scene.www())).code()).isEqualTo("password-missing");
    assertThat(onlyProblem(scene.load(TestConfig.www(chain, key, "OTHER"))).message())
        .contains("the environment variable OTHER is not set");
    assertThat(scene.load(TestConfig.www(chain, key, "PW")).problems()).isEmpty();
  }

  @Test
  void tellsAWrongPassword() {
    TestIdentity issued = ca.issue("a.example");
    issued.writeTo(directory, "www");
    Path key = directory.resolve("www.key");
    TestPem.writeSecret(key, issued.encryptedKeyPem("another"));

    CertificateConfig config = TestConfig.www(directory.resolve("www.pem"), key, "PW");
    assertThat(onlyProblem(scene.load(config)).code()).isEqualTo("password-wrong");
  }

  @Test
  void tellsAWrongPasswordOfPkcs12() throws IOException {
    Path store = directory.resolve("www.p12");
    Files.write(store, ca.issue("a.example").pkcs12("another"));
    TestPem.writeSecret(directory.resolve("unused"), "");

    CertificateConfig config = TestConfig.www(store, store, "PW");
    assertThat(onlyErrors(scene.load(config)))
        .extracting(ConfigProblem::code)
        .containsExactly("password-wrong");
  }

  @Test
  void readsChainAndKeyFromOneFile() {
    TestIdentity issued = ca.intermediate("Issuing").issue("a.example");
    Path both = directory.resolve("both.pem");
    TestPem.writeSecret(both, issued.traditionalKeyPem() + issued.chainPem());

    assertThat(scene.load(TestConfig.www(both, both)).entry("www").orElseThrow().identity().chain())
        .isEqualTo(issued.chain());
  }
}
