package io.lockgate.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockgate.testkit.TestCa;
import io.lockgate.testkit.TestIdentity;
import io.lockgate.testkit.TestKey;
import java.security.KeyPair;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class IdentityTest {
  private final TestCa ca = TestCa.root();

  @ParameterizedTest
  @EnumSource(value = TestKey.class, mode = EnumSource.Mode.EXCLUDE, names = "RSA_2048")
  void refusesAKeyThatIsNotTheLeafs(TestKey kind) {
    TestIdentity right = ca.leaf("a.example").key(kind).issue();
    TestIdentity wrong = ca.leaf("a.example").key(kind).issue();

    assertThat(Identity.of(right.chain(), right.key()).leaf()).isEqualTo(right.leaf());
    assertThatThrownBy(() -> Identity.of(right.chain(), wrong.key()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("does not belong");
  }

  @Test
  void differsByItsChainEvenWhereTheKeyIsTheSame() {
    KeyPair pair = TestKey.EC_P256.generate();
    TestIdentity first = ca.leaf("a.example").key(TestKey.EC_P256, pair).issue();
    TestIdentity second = ca.leaf("a.example").key(TestKey.EC_P256, pair).issue();

    Identity identity = Identity.of(first.chain(), first.key());
    assertThat(identity).isNotEqualTo(Identity.of(second.chain(), second.key()));
    assertThat(identity).isEqualTo(Identity.of(first.chain(), first.key()));
    assertThat(identity.digest()).matches("[0-9a-f]{64}");
  }

  @Test
  void tellsNoSecretWhenPrinted() {
    TestIdentity issued = ca.issue("a.example");
    Identity identity = Identity.of(issued.chain(), issued.key());

    assertThat(identity.toString())
        .isEqualTo("Identity[a.example " + identity.digest().substring(0, 12) + "]");
  }
}
