package io.lockgate.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.config.model.TlsPolicy;
import io.lockgate.config.model.TlsPolicy.TlsVersion;
import io.lockgate.pki.Identity;
import io.lockgate.pki.KeyKind;
import io.lockgate.testkit.TestCa;
import io.lockgate.testkit.TestKey;
import io.lockgate.tls.ClientHello.NameKind;
import io.lockgate.tls.ClientHello.ResumptionOffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentityChoiceTest {
  private static final TestCa CA = TestCa.root();
  private static final List<Identity> ALL =
      List.of(
          TlsFixtures.identity(CA, TestKey.RSA_2048, "a"),
          TlsFixtures.identity(CA, TestKey.EC_P384, "a"),
          TlsFixtures.identity(CA, TestKey.ED25519, "a"),
          TlsFixtures.identity(CA, TestKey.EC_P256, "a"));

  private static CodePoints codes(String hex) {
    if (hex == null) {
      return CodePoints.NONE;
    }
    StringBuilder values = new StringBuilder();
    for (String code : hex.split(" ", -1)) {
      values.append((char) Integer.parseInt(code, 16));
    }
    return new CodePoints(values.toString().toCharArray());
  }

  private static ClientHello hello(String versions, String ciphers, String groups, String signs) {
    return new ClientHello(
        0x0303,
        codes(versions),
        codes(ciphers),
        codes(groups),
        CodePoints.NONE,
        codes(signs),
        List.of(),
        "a",
        NameKind.HOST,
        ResumptionOffer.NONE,
        CodePoints.NONE,
        0);
  }

  @ParameterizedTest
  @CsvSource({
    "0403 0804, EC_P256",
    "0804 0403, EC_P256",
    "0804 0807, ED25519",
    "0804 0503, EC_P384",
    "0804, RSA",
    "0806, RSA",
    "0401, ",
    "0603, ",
    "'0a0a 2a2a', "
  })
  void inTls13TheSignatureAlgorithmsDecide(String signatures, KeyKind expected) {
    ClientHello hello = hello("0304", "1301", "001d", signatures);
    assertThat(IdentityChoice.choose(hello, TlsFixtures.INTERMEDIATE, ALL).map(Identity::keyKind))
        .isEqualTo(Optional.ofNullable(expected));
  }

  @ParameterizedTest
  @CsvSource({
    "c02b c02f, 001d 0017, 0403 0401, EC_P256",
    "c02b c02f, , 0403 0401, EC_P256",
    "c02b c02f, 001d 0017, , ",
    "c02b c02f, 001d 0017, 0203 0201, ",
    "c02b, 001d 0018, 0403, EC_P384",
    "c02f, 001d 0017, 0403 0401, RSA",
    "c02b, 001d 0017, 0403 0401, EC_P256",
    "c02b c02f, 001d, 0403 0401, RSA",
    "c02b c02f, 001d 0018, 0403 0401, EC_P384",
    "c02b c02f, 001d 0017, 0401, RSA",
    "c02b, 001d 0017, 0401, ",
    "c02b, 001d, 0807, ED25519",
    "1301, 001d, 0403, "
  })
  void inTls12SuiteCurveAndSignatureDecide(
      String ciphers, String groups, String signatures, KeyKind expected) {
    ClientHello hello = hello(null, ciphers, groups, signatures);
    assertThat(IdentityChoice.choose(hello, TlsFixtures.INTERMEDIATE, ALL).map(Identity::keyKind))
        .isEqualTo(Optional.ofNullable(expected));
  }

  @Test
  void takesTheFirstOfEqualIdentities() {
    Identity first = TlsFixtures.ecdsa(CA, "a");
    Identity second = TlsFixtures.ecdsa(CA, "a");
    ClientHello hello = hello("0304", "1301", "001d", "0403");
    assertThat(IdentityChoice.choose(hello, TlsFixtures.INTERMEDIATE, List.of(first, second)))
        .containsSame(first);
  }

  @ParameterizedTest
  @CsvSource({
    "0304, 1301, 001d, ",
    "0303 0304, 1301 c02b, 001d, ",
    "0302 0301, 1301 c02b, 001d, PROTOCOL_VERSION",
    "7f1c, 1301, 001d, PROTOCOL_VERSION",
    "0304, c02b, 001d, CIPHER_MISMATCH",
    ", c009, 001d, CIPHER_MISMATCH",
    ", c02b, 001d, ",
    ", c02b, , ",
    ", c02b, 0019, NO_SHARED_GROUP",
    "0304, 1301, 0019, NO_SHARED_GROUP",
    "0304, 1301, , NO_SHARED_GROUP"
  })
  void seesBeforehandWhatCannotSucceed(
      String versions, String ciphers, String groups, HandshakeFailure expected) {
    ClientHello hello = hello(versions, ciphers, groups, "0403");
    assertThat(
            FailureClassifier.precheck(hello, TlsFixtures.terms(TlsFixtures.INTERMEDIATE))
                .map(FailureClassifier.Verdict::failure))
        .isEqualTo(Optional.ofNullable(expected));
  }

  @Test
  void saysInWordsWhatBothSidesWant() {
    ClientHello hello = hello("0a0a 0303 0302", "c02b", "001d", "0403");
    assertThat(FailureClassifier.precheck(hello, TlsFixtures.terms(TlsFixtures.MODERN)))
        .map(FailureClassifier.Verdict::detail)
        .contains("The client offers TLS 1.2, TLS 1.1; the policy modern wants TLS 1.3 to 1.3.");
  }

  @Test
  void needsNoGroupForASuiteThatHasNone() {
    TlsPolicy policy =
        new TlsPolicy(
            "old",
            TlsVersion.TLS_1_2,
            TlsVersion.TLS_1_2,
            List.of("TLS_RSA_WITH_AES_128_GCM_SHA256"),
            List.of("X25519"),
            TlsFixtures.SIGNATURES,
            Set.of());
    ClientHello hello = hello(null, "009c", "0019", "0401");
    assertThat(FailureClassifier.precheck(hello, TlsFixtures.terms(policy))).isEmpty();
    assertThat(IdentityChoice.choose(hello, policy, ALL).map(Identity::keyKind))
        .contains(KeyKind.RSA);
  }
}
