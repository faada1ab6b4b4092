package io.lockgate.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockgate.config.model.AllowRule;
import io.lockgate.config.model.ClientAuthConfig.Forward;
import io.lockgate.pki.ClientVerifier;
import io.lockgate.pki.TrustBundle;
import io.lockgate.testkit.TestCa;
import io.lockgate.testkit.TestKey;
import io.lockgate.tls.ClientAuthTerms.Demand;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ClientAuthTermsTest {
  private static final TestCa CA = TestCa.root();
  private static final TestCa OTHER = TestCa.root("Other CA", TestKey.EC_P256);

  private static ClientAuthTerms terms(
      Demand demand, TestCa ca, List<String> allow, List<String> crls, List<Forward> forward) {
    return new ClientAuthTerms(
        demand,
        Optional.of(
            ClientVerifier.of(
                TrustBundle.of(List.of(ca.certificate())),
                allow.stream().map(AllowRule::parse).toList(),
                Clock.systemUTC())),
        crls,
        forward);
  }

  private static ClientAuthTerms plain() {
    return terms(Demand.REQUIRED, CA, List.of(), List.of(), List.of());
  }

  private static Stream<ClientAuthTerms> allDifferent() {
    return Stream.of(
        ClientAuthTerms.NONE,
        plain(),
        terms(Demand.OPTIONAL, CA, List.of(), List.of(), List.of()),
        terms(Demand.REQUIRED, OTHER, List.of(), List.of(), List.of()),
        terms(Demand.REQUIRED, CA, List.of("dns:a.example"), List.of(), List.of()),
        terms(
            Demand.REQUIRED, CA, List.of("dns:a.example", "dns:b.example"), List.of(), List.of()));
  }

  @Test
  void equalDemandsAreTheSameWhoeverBuiltThem() {
    assertThat(plain()).isEqualTo(plain());
    assertThat(plain().promisesSame(plain())).isTrue();
    assertThat(plain().domain()).isEqualTo(plain().domain());
  }

  @Test
  void otherDemandsAreAnotherPromiseAndAnotherDomainOfSessions() {
    List<ClientAuthTerms> all = allDifferent().toList();
    for (ClientAuthTerms one : all) {
      assertThat(all.stream().filter(one::promisesSame)).containsExactly(one);
    }
    assertThat(all.stream().map(ClientAuthTerms::domain)).doesNotHaveDuplicates();
  }

  @Test
  void listsOfOtherFilesAndWhatUpstreamsAreToldAreAnotherPromise() {
    assertThat(
            plain()
                .promisesSame(terms(Demand.REQUIRED, CA, List.of(), List.of("/a.crl"), List.of())))
        .isFalse();
    assertThat(
            plain()
                .promisesSame(
                    terms(Demand.REQUIRED, CA, List.of(), List.of(), List.of(Forward.XFCC))))
        .isFalse();
  }

  @Test
  void nobodyIsAskedForACertificateThatNobodyVerifies() {
    assertThatThrownBy(
            () -> new ClientAuthTerms(Demand.OPTIONAL, Optional.empty(), List.of(), List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
