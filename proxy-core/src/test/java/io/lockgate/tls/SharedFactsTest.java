package io.lockgate.tls;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SharedFactsTest {
  private final SharedFacts shared = new SharedFacts();

  @Test
  void givesConnectionsThatSettledTheSameOneObject() {
    assertThat(shared.of(facts("a.example"))).isSameAs(shared.of(facts("a.example")));
  }

  @Test
  void neverMistakesOneForAnother() {
    for (int i = 0; i < 1_000; i++) {
      assertThat(shared.of(facts(i + ".example"))).isEqualTo(facts(i + ".example"));
    }
  }

  private static TlsFacts facts(String sni) {
    return new TlsFacts(
        "host", "TLSv1.3", "cipher", "X25519", "h2", sni, TlsFacts.Resumption.FULL, "");
  }
}
