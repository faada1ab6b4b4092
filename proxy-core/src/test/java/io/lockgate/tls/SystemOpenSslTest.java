package io.lockgate.tls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockgate.testkit.TestKey;
import io.netty.handler.ssl.OpenSslPrivateKeyMethod;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SystemOpenSslTest {
  private static final byte[] MESSAGE = "what a server signs in a handshake".getBytes(UTF_8);

  @Test
  void isThereOnlyForAJavaThatCanCallIt() {
    assertThat(SystemOpenSsl.loadAnyway().isPresent()).isEqualTo(Runtime.version().feature() >= 22);
  }

  @Test
  void suitsRsaKeysOfTheLengthThatItHasFasterCodeFor() {
    assertThat(SystemOpenSsl.suits(TestKey.RSA_2048.generate().getPrivate())).isTrue();
    assertThat(SystemOpenSsl.suits(TestKey.RSA_1024.generate().getPrivate())).isFalse();
    assertThat(SystemOpenSsl.suits(TestKey.EC_P256.generate().getPrivate())).isFalse();
  }

  @Nested
  @Tag("java22")
  class AKeyInItsHands {
    private SystemOpenSsl library;
    private final KeyPair keys = TestKey.RSA_2048.generate();

    @BeforeEach
    void load() {
      library = SystemOpenSsl.loadAnyway().orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
      "0201, SHA1withRSA",
      "0401, SHA256withRSA",
      "0501, SHA384withRSA",
      "0601, SHA512withRSA"
    })
    void signsAsItsCertificateSays(String scheme, String algorithm) throws Exception {
      verify(Signature.getInstance(algorithm), scheme);
    }

    @ParameterizedTest
    @CsvSource({"0804, SHA-256, 32", "0805, SHA-384, 48", "0806, SHA-512, 64"})
    void signsProbabilistically(String scheme, String hash, int saltBytes) throws Exception {
      Signature verifier = Signature.getInstance("RSASSA-PSS");
      verifier.setParameter(
          new PSSParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash), saltBytes, 1));
      verify(verifier, scheme);
    }

    private void verify(Signature verifier, String scheme) throws Exception {
      byte[] signature =
          library
              .signingWith(keys.getPrivate())
              .orElseThrow()
              .sign(null, Integer.parseInt(scheme, 16), MESSAGE);
      verifier.initVerify(keys.getPublic());
      verifier.update(MESSAGE);
      assertThat(verifier.verify(signature)).isTrue();
      assertThat(library.signatures()).isOne();
    }

    @Test
    void refusesASchemeOfOtherKeys() {
      OpenSslPrivateKeyMethod method = library.signingWith(keys.getPrivate()).orElseThrow();
      assertThatThrownBy(() -> method.sign(null, 0x0403, MESSAGE))
          .isInstanceOf(SignatureException.class)
          .hasMessageContaining("0403");
    }

    @Test
    void saysWhyItCannotSign() throws GeneralSecurityException {
      OpenSslPrivateKeyMethod tooShort =
          library.signingWith(TestKey.RSA_1024.generate().getPrivate()).orElseThrow();
      // RFC 8446 section 4.2.3: 64 octets of hash and as many of salt do not fit into 128.
      assertThatThrownBy(() -> tooShort.sign(null, 0x0806, MESSAGE))
          .isInstanceOf(SignatureException.class)
          .hasMessageContaining("data too large for key size");
    }

    @Test
    void signsAgainAfterAFailure() throws Exception {
      OpenSslPrivateKeyMethod tooShort =
          library.signingWith(TestKey.RSA_1024.generate().getPrivate()).orElseThrow();
      assertThatThrownBy(() -> tooShort.sign(null, 0x0806, MESSAGE)).isNotNull();
      assertThat(tooShort.sign(null, 0x0804, MESSAGE)).hasSize(128);
    }

    @Test
    void leavesAKeyThatItCannotReadToOthers() {
      RSAPrivateKey unreadable = new UnreadableKey((RSAPrivateKey) keys.getPrivate());
      assertThat(library.signingWith(unreadable)).isEmpty();
    }

    @Test
    void saysWhichVersionItIs() {
      assertThat(library.version()).startsWith("OpenSSL 3.");
    }
  }

  /** Encoded as nothing that there is. */
  private record UnreadableKey(RSAPrivateKey key) implements RSAPrivateKey {
    @Override
    public BigInteger getModulus() {
      return key.getModulus();
    }

    @Override
    public BigInteger getPrivateExponent() {
      return key.getPrivateExponent();
    }

    @Override
    public String getAlgorithm() {
      return "RSA";
    }

    @Override
    public String getFormat() {
      return "PKCS#8";
    }

    @Override
    public byte[] getEncoded() {
      return new byte[] {1, 2, 3};
    }
  }
}
