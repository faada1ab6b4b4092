package io.lockgate.pki.ocsp;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.pki.ocsp.StatusAnswer.Failure;
import io.lockgate.testkit.TestCa;
import io.lockgate.testkit.TestIdentity;
import io.lockgate.testkit.TestKey;
import io.lockgate.testkit.TestOcsp;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResponseCheckTest {
  private static final TestCa CA = TestCa.root().intermediate("Issuing CA");
  private static final TestCa OTHER = TestCa.root().intermediate("Other CA");
  private static final TestIdentity LEAF = CA.issue("a.example");

  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

  private static TestOcsp response() {
    return TestOcsp.about(CA, LEAF.leaf());
  }

  private StatusAnswer verify(byte[] response) {
    return new ResponseCheck(Clock.fixed(now, ZoneOffset.UTC))
        .verify(response, new StatusQuestion(LEAF.leaf(), CA.certificate()));
  }

  Stream<Arguments> believed() {
    return Stream.of(
        row("signed by the issuer", response().encoded(), CertificateStatus.GOOD),
        row("revoked", response().revoked().encoded(), CertificateStatus.REVOKED),
        row("not known there", response().unknown().encoded(), CertificateStatus.UNKNOWN),
        row(
            "signed by a delegate (RFC 6960 section 4.2.2.2)",
            response().signedBy(CA.leaf().forOcsp().issue()).encoded(),
            CertificateStatus.GOOD),
        row(
            "signed by a delegate with an RSA key",
            response().signedBy(CA.leaf().forOcsp().key(TestKey.RSA_2048).issue()).encoded(),
            CertificateStatus.GOOD),
        row(
            "of a responder whose clock is a little ahead",
            response().from(now.plusSeconds(60)).encoded(),
            CertificateStatus.GOOD),
        row(
            "with the issuer's own certificate enclosed",
            response().signedBy(CA.identity()).encoded(),
            CertificateStatus.GOOD));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void believed(String what, byte[] response, CertificateStatus status) {
    assertThat(verify(response))
        .isInstanceOfSatisfying(
            StatusAnswer.Verified.class,
            verified -> {
              assertThat(verified.response().status()).isEqualTo(status);
              assertThat(verified.response().encoded()).isSameAs(response);
            });
  }

  Stream<Arguments> notBelieved() {
    byte[] good = response().encoded();
    byte[] trailing = Arrays.copyOf(good, good.length + 1);
    byte[] damaged = good.clone();
    damaged[damaged.length - 10] ^= 1;
    return Stream.of(
        row("signed with another key", response().forgedWith(OTHER.identity().key()), "signed it"),
        row("signed by another authority", response().signedBy(OTHER.identity()), "delegate"),
        row("damaged in its signature", damaged, "signed it"),
        row(
            "of a delegate that another authority has made",
            response().signedBy(OTHER.leaf().forOcsp().issue()),
            "delegate"),
        row(
            "of a delegate that only bears the issuer's name",
            response()
                .signedBy(TestCa.root("Issuing CA", TestKey.EC_P256).leaf().forOcsp().issue()),
            "delegate"),
        row(
            "of a delegate without the purpose of signing responses",
            response().signedBy(CA.issue("ocsp.example")),
            "not for signing"),
        row(
            "of a delegate without any purpose",
            response().signedBy(CA.leaf().forAnyPurpose().issue()),
            "not for signing"),
        row(
            "of an expired delegate",
            response().signedBy(CA.leaf().forOcsp().expired().issue()),
            "out of its time"),
        row(
            "of a delegate that is not valid yet",
            response().signedBy(CA.leaf().forOcsp().notYetValid().issue()),
            "out of its time"),
        row("of another serial number", response().serial(BigInteger.TEN), "another certificate"),
        row(
            "of another issuer's certificate of the same number",
            TestOcsp.about(OTHER, LEAF.leaf()),
            "another certificate"),
        row("ended", response().until(now), "its time ended"),
        row(
            "without an end and old",
            response().from(now.minus(Duration.ofHours(1))).withoutEnd(),
            "its time ended"),
        row("from the future", response().from(now.plusSeconds(600)), "future"),
        row(
            "that ends before it begins",
            response().from(now.plusSeconds(60)).until(now.plusSeconds(30)),
            "before it begins"),
        row("with octets to spare", trailing, "cannot be read"),
        row("cut off", Arrays.copyOf(good, good.length / 2), "cannot be read"),
        row("no DER at all", "<html>".getBytes(java.nio.charset.StandardCharsets.UTF_8), "read"),
        row("empty", new byte[0], "read"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void notBelieved(String what, byte[] response, String why) {
    assertThat(verify(response))
        .isInstanceOfSatisfying(
            StatusAnswer.Failed.class,
            failed -> {
              assertThat(failed.failure()).isEqualTo(Failure.INVALID);
              assertThat(failed.detail()).contains(why);
            });
  }

  @Test
  void refusalOfTheResponderIsToldApartFromABadResponse() {
    assertThat(verify(TestOcsp.refusal(3)))
        .isEqualTo(new StatusAnswer.Failed(Failure.REFUSED, "the responder answers tryLater"));
  }

  @Test
  void everyCutOfAResponseIsRefusedWithoutAnException() {
    byte[] good = response().signedBy(CA.leaf().forOcsp().issue()).encoded();
    for (int length = 0; length < good.length; length++) {
      assertThat(verify(Arrays.copyOf(good, length))).isInstanceOf(StatusAnswer.Failed.class);
    }
  }

  @Test
  void responseWithoutAnEndIsUsedForAnHour() {
    Instant from = now.minusSeconds(60);
    StatusAnswer answer = verify(response().from(from).withoutEnd().encoded());

    assertThat(((StatusAnswer.Verified) answer).response().nextUpdate())
        .isEqualTo(from.plus(Duration.ofHours(1)));
  }

  private static Arguments row(String what, TestOcsp response, Object expected) {
    return Arguments.of(what, response.encoded(), expected);
  }

  private static Arguments row(String what, byte[] response, Object expected) {
    return Arguments.of(what, response, expected);
  }
}
