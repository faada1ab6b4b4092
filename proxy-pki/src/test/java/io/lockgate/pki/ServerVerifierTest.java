package io.lockgate.pki;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.pki.ServerRefusal.Reason;
import io.lockgate.testkit.ManualClock;
import io.lockgate.testkit.TestCa;
import io.lockgate.testkit.TestIdentity;
import io.lockgate.testkit.TestKey;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which certificates of servers are accepted, and what is said of the others. */
class ServerVerifierTest {
  private static final TestCa CA = TestCa.root();
  private static final TestCa STRANGER = TestCa.root("Stranger CA", TestKey.EC_P256);
  private static final ServerTrust TRUST = ServerTrust.of(List.of(CA.certificate()));

  private static Optional<Reason> verdict(String name, TestIdentity shown) {
    return verifier(name).verify(shown.chain()).map(ServerRefusal::reason);
  }

  private static ServerVerifier verifier(String name, String... pins) {
    return new ServerVerifier(
        ReferenceName.of(name), Optional.of(TRUST), List.of(pins), Clock.systemUTC());
  }

  @Nested
  class Names {
    @ParameterizedTest(name = "{0} is asked for, the certificate says {1}: covered {2} ({3})")
    @CsvSource({
      "app.internal,      app.internal,       true,  RFC 9525 6.3",
      "APP.internal.,     app.INTERNAL,       true,  RFC 9525 6.3 case does not matter",
      "localhost,         localhost,          true,  a single label that is named exactly",
      "app.internal,      other.internal,     false, RFC 9525 6.3",
      "app.internal,      internal,           false, RFC 9525 6.3",
      "app.internal,      a.app.internal,     false, RFC 9525 6.3",
      "a.app.internal,    *.app.internal,     true,  RFC 9525 6.3 the left-most label",
      "b.a.app.internal,  *.app.internal,     false, RFC 9525 6.3 one label only",
      "app.internal,      *.app.internal,     false, RFC 9525 6.3 one label at least",
      "a.app.internal,    a*.app.internal,    false, RFC 9525 6.3 the whole label",
      "a.app.internal,    a.*.internal,       false, RFC 9525 6.3 the left-most only",
      "a.app.internal,    *.*.internal,       false, RFC 9525 6.3 once",
      "app.internal,      *.internal,         false, a whole top level speaks for strangers",
      "localhost,         *,                  false, nobody speaks for everybody",
      "127.0.0.1,         127.0.0.1,          true,  RFC 9525 6.4",
      "127.0.0.1,         127.0.0.2,          false, RFC 9525 6.4",
      "::1,               0:0:0:0:0:0:0:1,    true,  RFC 9525 6.4",
      "::1,               ::2,                false, RFC 9525 6.4",
    })
    void areMatched(String name, String presented, boolean covered, String rule) {
      Optional<Reason> verdict = verdict(name, CA.issue(presented));
      assertThat(verdict)
          .as(rule)
          .isEqualTo(covered ? Optional.empty() : Optional.of(Reason.WRONG_NAME));
    }

    @Test
    void ofSeveralOneIsEnough() {
      TestIdentity shown = CA.issue("a.internal", "app.internal", "127.0.0.1");
      assertThat(verdict("app.internal", shown)).isEmpty();
      assertThat(verdict("127.0.0.1", shown)).isEmpty();
    }

    @Test
    void areNeverFoundInTheCommonName() {
      assertThat(verdict("app.internal", CA.leaf("other").commonName("app.internal").issue()))
          .contains(Reason.WRONG_NAME);
    }

    @Test
    void thatDoNotFitAreTold() {
      assertThat(verifier("app.internal").verify(CA.issue("a.b", "1.2.3.4").chain()))
          .get()
          .extracting(ServerRefusal::sentence)
          .isEqualTo(
              "the server's certificate does not cover app.internal: it is for a.b, 1.2.3.4");
    }
  }

  @Nested
  class Trust {
    @Test
    void isTakenThroughIntermediates() {
      TestCa middle = CA.intermediate("Middle");
      assertThat(verdict("a.b", middle.issue("a.b"))).isEmpty();
    }

    @Test
    void isNotGivenToStrangers() {
      assertThat(verdict("a.b", STRANGER.issue("a.b"))).contains(Reason.UNTRUSTED);
      assertThat(verdict("a.b", TestCa.selfSigned("a.b").issue())).contains(Reason.UNTRUSTED);
    }

    @Test
    void isNotGivenToALeafThatPlaysTheAuthority() {
      TestIdentity leaf = CA.issue("mallory.internal");
      TestIdentity below = STRANGER.issue("a.b");
      List<X509Certificate> forged = List.of(below.leaf(), leaf.leaf());
      assertThat(verifier("a.b").verify(forged))
          .map(ServerRefusal::reason)
          .contains(Reason.UNTRUSTED);
    }

    @Test
    void canBeInOneCertificateAlone() {
      TestIdentity self = TestCa.selfSigned("a.b").issue();
      var verifier =
          new ServerVerifier(
              ReferenceName.of("a.b"),
              Optional.of(ServerTrust.of(List.of(self.leaf()))),
              List.of(),
              Clock.systemUTC());
      assertThat(verifier.verify(self.chain())).isEmpty();
    }

    @Test
    void endsWithTheCertificate() {
      assertThat(verdict("a.b", CA.leaf("a.b").expired().issue())).contains(Reason.EXPIRED);
      assertThat(verdict("a.b", CA.leaf("a.b").notYetValid().issue()))
          .contains(Reason.NOT_YET_VALID);
    }

    @Test
    void isNotForCertificatesOfClients() {
      assertThat(verdict("a.b", CA.leaf("a.b").forClient().issue())).contains(Reason.WRONG_PURPOSE);
    }
  }

  @Nested
  class Pins {
    private final TestIdentity shown = CA.issue("a.b");

    @Test
    void admitTheirKey() {
      assertThat(verifier("a.b", "00".repeat(32), pin(shown)).verify(shown.chain())).isEmpty();
    }

    @Test
    void refuseAnyOther() {
      assertThat(verifier("a.b", "00".repeat(32)).verify(shown.chain()))
          .map(ServerRefusal::reason)
          .contains(Reason.PIN_MISMATCH);
    }

    @Test
    void doNotReplaceTrust() {
      TestIdentity strange = STRANGER.issue("a.b");
      assertThat(verifier("a.b", pin(strange)).verify(strange.chain()))
          .map(ServerRefusal::reason)
          .contains(Reason.UNTRUSTED);
    }

    @Test
    void holdWhereNothingElseIsVerified() {
      TestIdentity strange = STRANGER.issue("c.d");
      var verifier =
          new ServerVerifier(
              ReferenceName.of("a.b"), Optional.empty(), List.of(pin(strange)), Clock.systemUTC());
      assertThat(verifier.verify(strange.chain())).isEmpty();
      assertThat(verifier.verify(shown.chain())).isPresent();
    }
  }

  @Nested
  class WhatWasAccepted {
    @Test
    void isRefusedOnceItHasExpired() {
      ManualClock clock = new ManualClock(Instant.now());
      var verifier =
          new ServerVerifier(ReferenceName.of("a.b"), Optional.of(TRUST), List.of(), clock);
      TestIdentity shown = CA.leaf("a.b").lasting(Duration.ofDays(5)).issue();
      assertThat(verifier.verify(shown.chain())).isEmpty();
      clock.advance(Duration.ofDays(30));
      assertThat(verifier.verify(shown.chain()))
          .map(ServerRefusal::reason)
          .contains(Reason.EXPIRED);
    }

    @Test
    void saysNothingOfAnotherChainWithTheSameLeaf() {
      ServerVerifier verifier = verifier("a.b");
      TestIdentity good = CA.issue("a.b");
      assertThat(verifier.verify(good.chain())).isEmpty();
      assertThat(verifier.verify(List.of(STRANGER.issue("a.b").leaf(), good.leaf())))
          .map(ServerRefusal::reason)
          .contains(Reason.UNTRUSTED);
    }
  }

  private static String pin(TestIdentity identity) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(identity.leaf().getPublicKey().getEncoded()));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
