package io.lockgate.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.config.model.TlsPolicy;
import io.lockgate.config.model.TlsPolicy.TlsVersion;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TicketDomainTest {
  private static final List<String> CIPHERS = TlsFixtures.CIPHERS;
  private static final List<String> GROUPS = TlsFixtures.GROUPS;

  private static String of(String host, TlsPolicy policy, String clientAuth) {
    return TicketDomain.of(host, policy, clientAuth);
  }

  private static TlsPolicy policy(
      String name, TlsVersion least, TlsVersion most, List<String> ciphers, List<String> groups) {
    return new TlsPolicy(name, least, most, ciphers, groups, TlsFixtures.SIGNATURES, Set.of());
  }

  @Test
  void isTheSameForEqualContentWhateverThePolicyIsCalled() {
    TlsPolicy renamed =
        policy("mine", TlsVersion.TLS_1_2, TlsVersion.TLS_1_3, List.copyOf(CIPHERS), GROUPS);
    assertThat(of("a", renamed, "")).isEqualTo(of("a", TlsFixtures.INTERMEDIATE, ""));
  }

  @Test
  void isAnotherForWhateverDiffers() {
    TlsPolicy base = TlsFixtures.INTERMEDIATE;
    assertThat(
            List.of(
                of("a", base, ""),
                of("b", base, ""),
                of("a", base, "required"),
                of("a", TlsFixtures.MODERN, ""),
                of("a", TlsFixtures.OLD, ""),
                of("a", policy("", TlsVersion.TLS_1_3, TlsVersion.TLS_1_3, CIPHERS, GROUPS), ""),
                of(
                    "a",
                    policy(
                        "", TlsVersion.TLS_1_2, TlsVersion.TLS_1_3, CIPHERS.subList(0, 2), GROUPS),
                    ""),
                of(
                    "a",
                    policy("", TlsVersion.TLS_1_2, TlsVersion.TLS_1_3, CIPHERS, List.of("X25519")),
                    "")))
        .doesNotHaveDuplicates();
  }

  @Test
  void doesNotMistakeTheBordersBetweenItsParts() {
    TlsPolicy one = policy("", TlsVersion.TLS_1_3, TlsVersion.TLS_1_3, List.of("ab"), List.of("c"));
    TlsPolicy other =
        policy("", TlsVersion.TLS_1_3, TlsVersion.TLS_1_3, List.of("a"), List.of("bc"));
    assertThat(of("a", one, "")).isNotEqualTo(of("a", other, ""));
  }

  /** Processes of one version share tickets, and a process with itself after a restart. */
  @Test
  void isStableOverProcessesAndRestarts() {
    assertThat(of("a.example", TlsFixtures.MODERN, ""))
        .isEqualTo("cb9b1db56872a0a7a3785fd371e1201cdf3da9c098e04002a7f4bf0a32943b12");
  }
}
