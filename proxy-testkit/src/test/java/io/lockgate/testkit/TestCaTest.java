package io.lockgate.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TestCaTest {
  @ParameterizedTest
  @EnumSource(value = TestKey.class, mode = EnumSource.Mode.EXCLUDE, names = "RSA_1024")
  void issuesChainsThatTheJdkAccepts(TestKey kind) throws GeneralSecurityException {
    TestCa root = TestCa.root();
    TestIdentity identity = root.intermediate("Issuing").leaf("a.example").key(kind).issue();

    assertThat(identity.chain()).hasSize(2);
    assertThatCode(() -> validate(identity, root)).doesNotThrowAnyException();
    PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(der(identity.keyPem()));
    assertThat(KeyFactory.getInstance(identity.key().getAlgorithm()).generatePrivate(encoded))
        .isEqualTo(identity.key());
  }

  @Test
  void tellsNamesApartByTheirForm() throws GeneralSecurityException {
    X509Certificate leaf =
        TestCa.root().issue("*.a.example", "127.0.0.1", "::1", "spiffe://corp/billing").leaf();

    assertThat(leaf.getSubjectAlternativeNames())
        .containsExactly(
            List.of(2, "*.a.example"),
            List.of(7, "127.0.0.1"),
            List.of(7, "0:0:0:0:0:0:0:1"),
            List.of(6, "spiffe://corp/billing"));
  }

  @Test
  void encryptsKeysAndStoresThemInPkcs12() throws GeneralSecurityException, IOException {
    TestIdentity identity = TestCa.root().issue("a.example");

    EncryptedPrivateKeyInfo sealed =
        new EncryptedPrivateKeyInfo(der(identity.encryptedKeyPem("secret")));
    Cipher cipher = Cipher.getInstance(sealed.getAlgParameters().toString());
    cipher.init(
        Cipher.DECRYPT_MODE,
        SecretKeyFactory.getInstance(cipher.getAlgorithm())
            .generateSecret(new PBEKeySpec("secret".toCharArray())),
        sealed.getAlgParameters());
    assertThat(sealed.getKeySpec(cipher).getEncoded()).isEqualTo(identity.key().getEncoded());
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(new ByteArrayInputStream(identity.pkcs12("secret")), "secret".toCharArray());
    assertThat(store.getCertificate("1")).isEqualTo(identity.leaf());
  }

  @Test
  void writesKeysThatOnlyTheirOwnerMayRead(@TempDir Path directory) throws IOException {
    Path chain = TestCa.root().issue("a.example").writeTo(directory, "a");

    assertThat(chain).isEqualTo(directory.resolve("a.pem")).exists();
    assertThat(Files.getPosixFilePermissions(directory.resolve("a.key")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  private static void validate(TestIdentity identity, TestCa root) throws GeneralSecurityException {
    PKIXParameters parameters =
        new PKIXParameters(Set.of(new TrustAnchor(root.rootCertificate(), null)));
    parameters.setRevocationEnabled(false);
    CertPathValidator.getInstance("PKIX")
        .validate(
            CertificateFactory.getInstance("X.509").generateCertPath(identity.chain()), parameters);
  }

  private static byte[] der(String pem) {
    String body = pem.replaceAll("-----[A-Z ]+-----", "");
    return Base64.getMimeDecoder().decode(body.getBytes(StandardCharsets.US_ASCII));
  }
}
