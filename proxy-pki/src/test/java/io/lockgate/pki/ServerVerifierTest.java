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
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

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

  /**
   * Names that elsewhere were taken for what they are not: the checks of libraries that can be
   * passed by (CVE-2026-50010, CVE-2026-62243) are none of ours.
   */
  @Nested
  class NamesThatDeceive {
    static Stream<Arguments> others() {
      return Stream.of(
          Arguments.of("app.internal", "app.internal\0.evil.example", "what is behind a NUL"),
          Arguments.of("app.internal", "app.internal\0", "a NUL at the end"),
          Arguments.of("app.internal", "\0app.internal", "a NUL at the beginning"),
          Arguments.of("app.internal", "app.internal.", "a trailing dot"),
          Arguments.of("app.internal.", "app.internal.", "a trailing dot on both sides"),
          Arguments.of("app.internal", ".app.internal", "a leading dot"),
          Arguments.of("app.internal", ".internal", "a suffix"),
          Arguments.of("a.app.internal", ".app.internal", "a suffix with a label to spare"),
          Arguments.of("app.internal", "app..internal", "an empty label"),
          Arguments.of("app.internal", "", "no name at all"),
          Arguments.of("app.internal", " app.internal", "a blank before"),
          Arguments.of("app.internal", "app.internal ", "a blank behind"),
          Arguments.of("app.internal", "app.internal,evil.example", "two names in one"),
          Arguments.of("app.internal", "https://app.internal", "an address of the web"),
          Arguments.of("app.internal", "app.internal:443", "a port"),
          Arguments.of("app.internal", "admin@app.internal", "a mailbox"),
          Arguments.of("app.internal", "*", "everybody"),
          Arguments.of("app.internal", "*.", "everybody, and a dot"),
          Arguments.of("app.internal", "*.internal", "everybody of a top level"),
          Arguments.of("app.internal", "*.*", "two wildcards"),
          Arguments.of("a.app.internal", "*.*.internal", "two wildcards before a name"),
          Arguments.of("a.app.internal", "**.app.internal", "a double wildcard"),
          Arguments.of("a.app.internal", "a*.app.internal", "a wildcard behind a part"),
          Arguments.of("a.app.internal", "*a.app.internal", "a wildcard before a part"),
          Arguments.of("ab.app.internal", "a*b.app.internal", "a wildcard between parts"),
          Arguments.of("a.app.internal", "a.*.internal", "a wildcard in the middle"),
          Arguments.of("a.app.internal", "a.app.*", "a wildcard at the end"),
          Arguments.of("a.app.internal", "*.app.internal.", "a wildcard and a trailing dot"),
          Arguments.of("a.app.internal", "*.app.internal\0", "a wildcard and a NUL"),
          Arguments.of("xn--bcher-kva.app.internal", "xn--*.app.internal", "part of an A-label"),
          Arguments.of("xn--bcher-kva.app.internal", "b\u00fccher.app.internal", "a U-label"),
          Arguments.of("b\u00fccher.app.internal", "b\u00fccher.app.internal", "two U-labels"),
          Arguments.of("127.0.0.1", "127.0.0.1", "an address as a DNS name"),
          Arguments.of("127.0.0.1", "*.0.0.1", "an address under a wildcard"),
          Arguments.of("::1", "::1", "an address of IPv6 as a DNS name"));
    }

    @ParameterizedTest(name = "{0} is not {1}: {2}")
    @MethodSource("others")
    void coverNobody(String name, String presented, String trick) {
      assertThat(verdict(name, CA.leaf("other.internal").dnsNames(presented).issue()))
          .as(trick)
          .contains(Reason.WRONG_NAME);
    }

    @Test
    void doNotHideTheOneThatCounts() {
      TestIdentity shown =
          CA.leaf("other.internal").dnsNames("app.internal\0", "*", "app.internal").issue();
      assertThat(verdict("app.internal", shown)).isEmpty();
    }

    @Test
    void mayBeALabelInAsciiUnderAWildcard() {
      assertThat(verdict("xn--bcher-kva.app.internal", CA.issue("*.app.internal"))).isEmpty();
    }

    @Test
    void areNotFoundInTheSubjectWhereThereAreNoOthers() {
      TestIdentity shown = CA.leaf().subject("CN=app.internal,CN=127.0.0.1").issue();
      assertThat(verdict("app.internal", shown)).contains(Reason.WRONG_NAME);
      assertThat(verdict("127.0.0.1", shown)).contains(Reason.WRONG_NAME);
    }

    @Test
    void areNotFoundInAddressesOfOtherKinds() {
      TestIdentity shown = CA.issue("https://app.internal", "admin@app.internal");
      assertThat(verdict("app.internal", shown)).contains(Reason.WRONG_NAME);
    }

    @Test
    void areShownWithoutWhatWouldSpoilALog() {
      TestIdentity shown = CA.leaf().dnsNames("evil\0.example\r\nerror").issue();
      assertThat(verifier("app.internal").verify(shown.chain()))
          .get()
          .extracting(ServerRefusal::sentence)
          .asString()
          .matches("[ -~]+");
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
