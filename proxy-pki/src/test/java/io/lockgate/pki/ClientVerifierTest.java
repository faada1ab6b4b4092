package io.lockgate.pki;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.config.model.AllowRule;
import io.lockgate.pki.ClientRefusal.Reason;
import io.lockgate.testkit.ManualClock;
import io.lockgate.testkit.TestCa;
import io.lockgate.testkit.TestCrl;
import io.lockgate.testkit.TestIdentity;
import io.lockgate.testkit.TestKey;
import io.lockgate.testkit.TestLeaf;
import java.nio.file.Path;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientVerifierTest {
  private static final TestCa ROOT = TestCa.root();
  private static final TestCa ISSUING = ROOT.intermediate("Issuing CA");
  private static final TestCa STRANGER = TestCa.root("Stranger", TestKey.EC_P256);

  private static ClientVerifier verifier(List<X509Certificate> trust, String... allow) {
    List<AllowRule> rules = List.of(allow).stream().map(AllowRule::parse).toList();
    return ClientVerifier.of(TrustBundle.of(trust), rules, Clock.systemUTC());
  }

  private static ClientVerifier verifier(String... allow) {
    return verifier(List.of(ROOT.certificate()), allow);
  }

  private static ClientVerifier revoking(TestCrl... lists) {
    try {
      TrustBundle trust = TrustBundle.of(List.of(ROOT.certificate(), ISSUING.certificate()));
      List<RevocationList> checked = new ArrayList<>();
      for (TestCrl list : lists) {
        for (X509CRL crl : RevocationList.parse(Path.of("a.crl"), list.der())) {
          checked.add(RevocationList.checked(Path.of("a.crl"), crl, trust));
        }
      }
      return new ClientVerifier(trust, new RevocationLists(checked), List.of(), Clock.systemUTC());
    } catch (CertificateFileException e) {
      throw new AssertionError(e);
    }
  }

  private static ClientIdentity accepted(ClientVerdict verdict) {
    assertThat(verdict).isInstanceOf(ClientVerdict.Accepted.class);
    return ((ClientVerdict.Accepted) verdict).identity();
  }

  private static Reason refused(ClientVerdict verdict) {
    assertThat(verdict).isInstanceOf(ClientVerdict.Refused.class);
    return ((ClientVerdict.Refused) verdict).refusal().reason();
  }

  private static Reason refused(ClientVerifier verifier, TestLeaf leaf) {
    return refused(verifier.verify(leaf.issue().chain()));
  }

  private static TestLeaf client(String... names) {
    return ROOT.leaf(names).forClient();
  }

  @Test
  void acceptsWhatATrustedAuthorityHasIssued() {
    TestIdentity shown =
        client("a.example", "ann@example.com", "spiffe://corp/a").subject("CN=ann,O=Corp").issue();
    ClientIdentity identity = accepted(verifier().verify(shown.chain()));
    assertThat(identity.subject()).isEqualTo("CN=ann,O=Corp");
    assertThat(identity.issuer()).isEqualTo("CN=Test Root CA");
    assertThat(identity.serial()).isEqualTo(shown.leaf().getSerialNumber().toString(16));
    assertThat(identity.dnsNames()).containsExactly("a.example");
    assertThat(identity.emails()).containsExactly("ann@example.com");
    assertThat(identity.spiffeId()).contains("spiffe://corp/a");
    assertThat(identity.fingerprint()).matches("[0-9a-f]{64}");
    assertThat(identity.encodedIssuers()).isEmpty();
  }

  @Test
  void acceptsAChainOverTheIntermediatesThatAreShown() {
    TestIdentity shown = ISSUING.leaf("a.example").forClient().issue();
    assertThat(accepted(verifier().verify(shown.chain())).encodedIssuers()).hasSize(1);
    assertThat(refused(verifier().verify(List.of(shown.leaf())))).isEqualTo(Reason.UNTRUSTED);
  }

  @Test
  void leavesWhatDoesNotBelongToTheChainOutOfIt() {
    List<X509Certificate> shown = new ArrayList<>(client("a.example").issue().chain());
    shown.add(STRANGER.certificate());
    assertThat(accepted(verifier().verify(shown)).encodedIssuers()).isEmpty();
  }

  @Test
  void acceptsEitherAuthorityWhileOneTakesOverFromTheOther() {
    ClientVerifier both = verifier(List.of(ROOT.certificate(), STRANGER.certificate()));
    accepted(both.verify(client("a.example").issue().chain()));
    accepted(both.verify(STRANGER.leaf("a.example").forClient().issue().chain()));
  }

  @Test
  void acceptsASelfSignedCertificateThatIsTrustedItself() {
    TestIdentity own = TestCa.selfSigned("a.example").forClient().issue();
    accepted(verifier(List.of(own.leaf())).verify(own.chain()));
    assertThat(refused(verifier().verify(own.chain()))).isEqualTo(Reason.UNTRUSTED);
  }

  @Test
  void refusesNoCertificateAtAll() {
    assertThat(refused(verifier().verify(List.of()))).isEqualTo(Reason.MISSING);
    assertThat(refused(verifier().verifyResumed(List.of()))).isEqualTo(Reason.MISSING);
  }

  @Test
  void refusesStrangersEvenIfTheyNameATrustedIssuer() {
    TestCa namesake = TestCa.root();
    assertThat(refused(verifier(), STRANGER.leaf("a").forClient())).isEqualTo(Reason.UNTRUSTED);
    assertThat(refused(verifier(), namesake.leaf("a").forClient())).isEqualTo(Reason.UNTRUSTED);
  }

  @Test
  void refusesALeafThatPlaysAuthority() {
    TestIdentity leaf = client("a.example").issue();
    // Its own leaf, issued with a key that is no authority's.
    TestIdentity below = STRANGER.leaf("b.example").forClient().issue();
    assertThat(refused(verifier().verify(List.of(below.leaf(), leaf.leaf()))))
        .isEqualTo(Reason.UNTRUSTED);
  }

  @Test
  void refusesMoreCertificatesThanAnybodyNeeds() {
    List<X509Certificate> shown = new ArrayList<>(client("a.example").issue().chain());
    while (shown.size() <= ClientPath.MOST_SHOWN) {
      shown.add(STRANGER.certificate());
    }
    assertThat(refused(verifier().verify(shown))).isEqualTo(Reason.UNTRUSTED);
  }

  @Nested
  class ByTheDay {
    @Test
    void refusesWhatHasEndedOrNotBegun() {
      assertThat(refused(verifier(), client("a").expired())).isEqualTo(Reason.EXPIRED);
      assertThat(refused(verifier(), client("a").notYetValid())).isEqualTo(Reason.NOT_YET_VALID);
    }

    @Test
    void saysUntrustedOfAStrangerWhateverTheDay() {
      assertThat(refused(verifier(), STRANGER.leaf("a").forClient().expired()))
          .isEqualTo(Reason.UNTRUSTED);
    }

    @Test
    void refusesWhatHasEndedSinceItWasAccepted() {
      ManualClock clock = new ManualClock(Instant.now());
      ClientVerifier verifier =
          ClientVerifier.of(TrustBundle.of(List.of(ROOT.certificate())), List.of(), clock);
      TestIdentity shown = client("a.example").issue();
      ClientIdentity identity = accepted(verifier.verify(shown.chain()));
      assertThat(verifier.verifyAgain(identity)).isEmpty();
      accepted(verifier.verifyResumed(shown.chain()));

      clock.advance(Duration.ofDays(200));
      assertThat(verifier.verifyAgain(identity))
          .hasValueSatisfying(r -> assertThat(r.reason()).isEqualTo(Reason.EXPIRED));
      assertThat(refused(verifier.verifyResumed(shown.chain()))).isEqualTo(Reason.EXPIRED);
    }

    @Test
    void refusesWhenAnIntermediateOrTheAuthorityItselfHasEnded() {
      ManualClock clock = new ManualClock(Instant.now());
      TestIdentity direct = client("a").lasting(Duration.ofDays(9000)).issue();
      TestIdentity below = ISSUING.leaf("a").forClient().lasting(Duration.ofDays(9000)).issue();
      ClientVerifier verifier =
          ClientVerifier.of(TrustBundle.of(List.of(ROOT.certificate())), List.of(), clock);
      clock.advance(Duration.ofDays(2000));
      accepted(verifier.verify(direct.chain()));
      assertThat(refused(verifier.verify(below.chain()))).isEqualTo(Reason.EXPIRED);
      clock.advance(Duration.ofDays(2000));
      assertThat(refused(verifier.verify(direct.chain()))).isEqualTo(Reason.EXPIRED);
    }
  }

  @Nested
  class ByPurpose {
    @Test
    void refusesAServersCertificate() {
      assertThat(refused(verifier(), ROOT.leaf("a.example"))).isEqualTo(Reason.WRONG_PURPOSE);
    }

    @Test
    void acceptsACertificateThatIsRestrictedToNothing() {
      accepted(verifier().verify(ROOT.leaf("a.example").forAnyPurpose().issue().chain()));
    }

    @Test
    void refusesAKeyThatMayNotSign() {
      TestLeaf authority = ROOT.leaf("a.example").authority();
      assertThat(refused(verifier(), authority)).isEqualTo(Reason.WRONG_PURPOSE);
    }
  }

  @Nested
  class ByRules {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "spiffe://corp/billing",
          "spiffe://corp/*",
          "dns:*.partners.example",
          "email:ann@example.com",
          "subject:CN=ann, O=Corp",
        })
    void acceptsWhoMeetsOne(String rule) {
      TestIdentity shown =
          client("a.partners.example", "ann@example.com", "spiffe://corp/billing")
              .subject("CN=ann,O=Corp")
              .issue();
      accepted(verifier("dns:nobody.example", rule).verify(shown.chain()));
      assertThat(refused(verifier(rule), client("other.example").subject("CN=bob,O=Corp")))
          .isEqualTo(Reason.NOT_ALLOWED);
    }

    @Test
    void acceptsAFingerprint() {
      TestIdentity shown = client("a.example").issue();
      String fingerprint = accepted(verifier().verify(shown.chain())).fingerprint();
      accepted(verifier("sha256:" + fingerprint).verify(shown.chain()));
      assertThat(refused(verifier("sha256:" + fingerprint), client("a.example")))
          .isEqualTo(Reason.NOT_ALLOWED);
    }

    @Test
    void takesNoSpiffeIdFromACertificateWithSeveralUris() {
      assertThat(
              refused(
                  verifier("spiffe://corp/*"), client("spiffe://corp/a", "https://example.com/")))
          .isEqualTo(Reason.NOT_ALLOWED);
    }

    @Test
    void commonNameIsNoDnsName() {
      assertThat(refused(verifier("dns:a.example"), client().commonName("a.example")))
          .isEqualTo(Reason.NOT_ALLOWED);
    }
  }

  @Nested
  class ByRevocation {
    private final TestIdentity good = client("good.example").issue();
    private final TestIdentity bad = client("bad.example").issue();

    @Test
    void refusesWhatIsListed() {
      ClientVerifier verifier = revoking(ROOT.revoking(bad.leaf()));
      accepted(verifier.verify(good.chain()));
      assertThat(refused(verifier.verify(bad.chain()))).isEqualTo(Reason.REVOKED);
      assertThat(refused(verifier.verifyResumed(bad.chain()))).isEqualTo(Reason.REVOKED);
    }

    @Test
    void refusesWhomANewListNamesAlthoughTheyWereAcceptedBefore() {
      ClientIdentity identity = accepted(revoking().verify(bad.chain()));
      assertThat(revoking(ROOT.revoking(good.leaf())).verifyAgain(identity)).isEmpty();
      assertThat(revoking(ROOT.revoking(bad.leaf())).verifyAgain(identity)).isPresent();
    }

    @Test
    void refusesWhatARevokedIntermediateHasIssued() {
      TestIdentity below = ISSUING.leaf("a.example").forClient().issue();
      assertThat(refused(revoking(ISSUING.revoking(below.leaf())).verify(below.chain())))
          .isEqualTo(Reason.REVOKED);
      ClientVerifier rootAlone = rootRevokingTheIntermediate();
      assertThat(refused(rootAlone.verify(below.chain()))).isEqualTo(Reason.REVOKED);
      assertThat(refused(rootAlone.verifyResumed(below.chain()))).isEqualTo(Reason.REVOKED);
    }

    private ClientVerifier rootRevokingTheIntermediate() {
      try {
        TrustBundle trust = TrustBundle.of(List.of(ROOT.certificate()));
        Path file = Path.of("a.crl");
        X509CRL crl = RevocationList.parse(file, ROOT.revoking(ISSUING.certificate()).der()).get(0);
        RevocationLists lists =
            new RevocationLists(List.of(RevocationList.checked(file, crl, trust)));
        return new ClientVerifier(trust, lists, List.of(), Clock.systemUTC());
      } catch (CertificateFileException e) {
        throw new AssertionError(e);
      }
    }

    @Test
    void sameSerialOfAnotherIssuerIsNotMeant() {
      ClientVerifier verifier = revoking(ISSUING.revoking(bad.leaf()));
      accepted(verifier.verify(bad.chain()));
    }

    @Test
    void listThatIsOverdueGoesOnBeingUsed() {
      ClientVerifier verifier = revoking(ROOT.revoking(bad.leaf()).stale());
      accepted(verifier.verify(good.chain()));
      assertThat(refused(verifier.verify(bad.chain()))).isEqualTo(Reason.REVOKED);
    }
  }

  @Nested
  class WhatIsEqual {
    @Test
    void verifiersThatDecideAlikeAreEqualWhateverTheirFiles() {
      ClientVerifier one = verifier(List.of(ROOT.certificate(), STRANGER.certificate()), "dns:a.b");
      ClientVerifier other =
          verifier(List.of(STRANGER.certificate(), ROOT.certificate()), "dns:A.b");
      assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
    }

    @Test
    void verifiersThatMayDecideOtherwiseAreNot() {
      assertThat(List.of(verifier(), verifier("dns:a.b"), revoking(), revoking(ROOT.revoking())))
          .doesNotHaveDuplicates();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"CN=a\\\"b", "CN=a\\\\b", "CN=\u00e9", "CN=a\\,b"})
  void subjectIsWrittenInPlainAscii(String subject) {
    String text =
        accepted(verifier().verify(client("a").subject(subject).issue().chain())).subject();
    assertThat(text).matches("[ -~]+").doesNotContain("\"").doesNotContain("\\\\");
    assertThat(new javax.security.auth.x500.X500Principal(text))
        .isEqualTo(new javax.security.auth.x500.X500Principal(subject));
  }
}
