package io.lockgate.pki;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.config.model.CertificateConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files as the real openssl writes them. */
class OpensslFilesTest {
  private static final String EC = "EC -pkeyopt ec_paramgen_curve:P-256";
  private static final String PASSWORD = "correct horse";

  @TempDir private Path directory;

  private Path chain;
  private Path key;

  @BeforeEach
  void nameFiles() {
    chain = directory.resolve("www.pem");
    key = directory.resolve("www.key");
  }

  @ParameterizedTest
  @CsvSource({
    "EC_P256, -algorithm EC -pkeyopt ec_paramgen_curve:P-256",
    "EC_P384, -algorithm EC -pkeyopt ec_paramgen_curve:P-384",
    "EC_P521, -algorithm EC -pkeyopt ec_paramgen_curve:P-521",
    "RSA, -algorithm RSA -pkeyopt rsa_keygen_bits:2048",
    "ED25519, -algorithm ED25519",
  })
  void readsEveryKindOfKeyInPkcs8(KeyKind kind, String options) {
    openssl("genpkey " + options + " -out " + key);
    certify();

    assertThat(loadedIdentity(TestConfig.www(chain, key)).keyKind()).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource({
    "EC PRIVATE KEY, -algorithm EC -pkeyopt ec_paramgen_curve:P-256",
    "RSA PRIVATE KEY, -algorithm RSA -pkeyopt rsa_keygen_bits:2048",
  })
  void readsTraditionalKeys(String label, String options) throws IOException {
    openssl("genpkey " + options + " -out " + key);
    certify();
    Path traditional = directory.resolve("traditional.key");
    openssl("pkey -traditional -in " + key + " -out " + traditional);

    assertThat(Files.readString(traditional)).contains("BEGIN " + label);
    assertThat(loadedIdentity(TestConfig.www(chain, traditional)))
        .as("the same as from PKCS#8")
        .isEqualTo(loadedIdentity(TestConfig.www(chain, key)));
  }

  @Test
  void readsAnEcKeyThatFollowsItsParameters() throws IOException {
    openssl("ecparam -name prime256v1 -genkey -out " + key);
    certify();

    assertThat(Files.readString(key)).startsWith("-----BEGIN EC PARAMETERS-----");
    assertThat(loadedIdentity(TestConfig.www(chain, key)).keyKind()).isEqualTo(KeyKind.EC_P256);
  }

  @ParameterizedTest
  @CsvSource({
    "-v2 aes-256-cbc",
    "-v2 aes-128-cbc -v2prf hmacWithSHA512",
    "-v2 aes-256-cbc -v2prf hmacWithSHA1",
    "-v2 aes-192-cbc",
    "-v2 des3",
    "-scrypt",
    "-v1 PBE-SHA1-3DES",
  })
  void opensEncryptedPkcs8(String scheme) throws IOException {
    makePair(EC);
    Path sealed = directory.resolve("sealed.key");
    openssl("pkcs8 -topk8 " + scheme + " -in " + key + " -out " + sealed + " -passout env:PW");

    assertThat(Files.readString(sealed)).contains("BEGIN ENCRYPTED PRIVATE KEY");
    assertThat(loadedIdentity(TestConfig.www(chain, sealed, "PW")))
        .isEqualTo(loadedIdentity(TestConfig.www(chain, key)));
  }

  @ParameterizedTest
  @CsvSource({
    "EC -pkeyopt ec_paramgen_curve:P-256, -aes256",
    "EC -pkeyopt ec_paramgen_curve:P-384, -aes192",
    "RSA -pkeyopt rsa_keygen_bits:1024, -aes128",
    "EC -pkeyopt ec_paramgen_curve:P-256, -des3",
  })
  void opensTraditionallyEncryptedKeys(String algorithm, String cipher) throws IOException {
    makePair(algorithm);
    Path sealed = directory.resolve("sealed.key");
    openssl("pkey -traditional %s -in %s -out %s -passout env:PW".formatted(cipher, key, sealed));

    assertThat(Files.readString(sealed)).contains("Proc-Type: 4,ENCRYPTED");
    assertThat(loadedIdentity(TestConfig.www(chain, sealed, "PW")))
        .isEqualTo(loadedIdentity(TestConfig.www(chain, key)));
  }

  @ParameterizedTest
  @CsvSource({
    "www.p12, -certpbe AES-256-CBC",
    "www.PFX, -certpbe PBE-SHA1-3DES -keypbe PBE-SHA1-3DES -macalg sha1",
  })
  void opensPkcs12(String name, String options) {
    makePair(EC);
    Path store = directory.resolve(name);
    openssl(
        "pkcs12 -export %s -in %s -inkey %s -out %s -passout env:PW"
            .formatted(options, chain, key, store));

    assertThat(loadedIdentity(TestConfig.www(store, store, "PW")))
        .isEqualTo(loadedIdentity(TestConfig.www(chain, key)));
  }

  private void makePair(String algorithm) {
    openssl("genpkey -algorithm " + algorithm + " -out " + key);
    certify();
  }

  private void certify() {
    openssl(
        ("req -x509 -new -key %s -out %s -days 90 -subj /CN=www.example"
                + " -addext subjectAltName=DNS:WWW.example,DNS:*.www.example,IP:127.0.0.1")
            .formatted(key, chain));
  }

  private static Identity loadedIdentity(CertificateConfig certificate) {
    IdentityCatalog catalog =
        new IdentityLoader(Clock.systemUTC(), Map.of("PW", PASSWORD))
            .load(TestConfig.of(certificate), IdentityCatalog.EMPTY, 1);
    assertThat(catalog.servable()).as(catalog.problems().toString()).isTrue();
    Identity identity = catalog.entry("www").orElseThrow().identity();
    assertThat(identity.dnsNames()).containsExactly("www.example", "*.www.example");
    assertThat(identity.addresses()).extracting("hostAddress").containsExactly("127.0.0.1");
    return identity;
  }

  private static void openssl(String arguments) {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments.split(" ", -1)));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PW", PASSWORD);
    try {
      Process process = builder.start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(output).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
