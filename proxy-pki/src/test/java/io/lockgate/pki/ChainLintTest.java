package io.lockgate.pki;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.config.model.ProxyConfig;
import io.lockgate.config.model.TlsConfig.StapleMode;
import io.lockgate.testkit.TestCa;
import io.lockgate.testkit.TestIdentity;
import io.lockgate.testkit.TestKey;
import io.lockgate.testkit.TestPem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ChainLintTest {
  private static final TestCa ROOT = TestCa.root();
  private static final TestCa ISSUING = ROOT.intermediate("Issuing CA 1");

  @TempDir private Path directory;

  static Stream<Arguments> chainsAndWhatIsWrongWithThem() {
    Instant now = Instant.now();
    return Stream.of(
        row("a whole chain", ISSUING.issue("a.example")),
        row("a leaf right below a private root", ROOT.issue("a.example")),
        row("expired", ROOT.leaf("a.example").expired().issue(), "expired"),
        row("not yet valid", ROOT.leaf("a.example").notYetValid().issue(), "not-yet-valid"),
        row("29 days left", until(now, Duration.ofDays(29)), "expires-within-30-days"),
        row("31 days left", until(now, Duration.ofDays(31))),
        row("6 days left", until(now, Duration.ofDays(6)), "expires-within-7-days"),
        row("23 hours left", until(now, Duration.ofHours(23)), "expires-within-1-day"),
        row("no intermediate", leafOnly(ISSUING.issue("a.example")), "chain-incomplete"),
        row(
            "no intermediate, by its address",
            ROOT.leaf("a.example").issuerAt("http://ca.example/r1.cer").issue(),
            "chain-incomplete"),
        row("root in the chain", withRoot(ISSUING.issue("a.example"))),
        row("reversed", reversed(withRoot(ISSUING.issue("a.example"))), "chain-order"),
        row("a stranger in the chain", withStranger(ROOT.issue("a.example")), "chain-unrelated"),
        row(
            "the issuer's key",
            new TestIdentity(List.of(ISSUING.issue("a.example").leaf()), ISSUING.identity().key()),
            "key-mismatch"),
        row("1024 bits", ROOT.leaf("a.example").key(TestKey.RSA_1024).issue(), "weak-key"),
        row("2048 bits", ROOT.leaf("a.example").key(TestKey.RSA_2048).issue()),
        row("SHA-1", ROOT.leaf("a.example").signedWith("SHA1withECDSA").issue(), "weak-signature"),
        row("no names", ROOT.leaf().commonName("a.example").issue(), "no-subject-alternative-name"),
        row("an authority", ROOT.leaf("a.example").authority().issue(), "ca-as-leaf"),
        row("for clients", ROOT.leaf("a.example").forClient().issue(), "no-server-auth"),
        row("for any purpose", ROOT.leaf("a.example").forAnyPurpose().issue()),
        row("self-signed", TestCa.selfSigned("a.example").issue(), "self-signed"),
        row(
            "must staple, without a responder",
            ROOT.leaf("a.example").mustStaple().issue(),
            "must-staple-no-responder"),
        row(
            "must staple, without the issuer to verify a response with",
            ROOT.leaf("a.example").mustStaple().ocspAt("http://ocsp.example/").issue(),
            "staple-no-issuer"),
        row("a responder, no issuer", ROOT.leaf("a.example").ocspAt("http://o.example/").issue()),
        row(
            "must staple",
            ISSUING.leaf("a.example").mustStaple().ocspAt("http://ocsp.example/").issue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("chainsAndWhatIsWrongWithThem")
  void findsExactly(String what, TestIdentity identity, List<String> codes) {
    identity.writeTo(directory, "www");

    assertThat(codes(config(StapleMode.PREFER))).as(what).isEqualTo(codes);
  }

  @Test
  void namesTheMissingIntermediateAndWhereToFetchIt() {
    TestIdentity issued = ISSUING.leaf("a.example").issuerAt("http://ca.example/1.cer").issue();
    leafOnly(issued).writeTo(directory, "www");

    CertificateEntry entry = load(config(StapleMode.PREFER)).entry("www").orElseThrow();
    assertThat(entry.chainComplete()).isFalse();
    Finding finding = entry.findings().get(0);
    assertThat(finding.message()).contains("CN=Issuing CA 1");
    assertThat(finding.hint().orElse("")).contains("http://ca.example/1.cer");
  }

  @Test
  void servesAReversedChainInTheRightOrder() {
    TestIdentity issued = ROOT.intermediate("Upper").intermediate("Lower").issue("a.example");
    reversed(issued).writeTo(directory, "www");

    CertificateEntry entry = load(config(StapleMode.PREFER)).entry("www").orElseThrow();
    assertThat(entry.identity().chain()).isEqualTo(issued.chain());
  }

  @Test
  void choosesTheIssuerOfTheRightKeyAmongNamesakes() {
    TestCa namesake = ROOT.intermediate("Issuing CA 1");
    TestIdentity issued = ISSUING.issue("a.example");
    List<X509Certificate> chain = new ArrayList<>(issued.chain());
    chain.add(1, namesake.certificate());
    new TestIdentity(chain, issued.key()).writeTo(directory, "www");

    CertificateEntry entry = load(config(StapleMode.PREFER)).entry("www").orElseThrow();
    assertThat(entry.identity().chain()).isEqualTo(issued.chain());
  }

  @Test
  void warnsOfAnExpiredIssuer() {
    Instant now = Instant.now();
    ISSUING.issue("a.example").writeTo(directory, "www");
    Clock later = Clock.fixed(now.plus(Duration.ofDays(1830)), ZoneOffset.UTC);

    assertThat(
            new IdentityLoader(later, Map.of())
                .load(config(StapleMode.PREFER), IdentityCatalog.EMPTY, 1)
                .problems())
        .extracting("code")
        .containsExactly("expired", "issuer-expired");
  }

  @Test
  void warnsOfMustStapleOnlyWhereStaplingIsOff() {
    ISSUING
        .leaf("a.example")
        .mustStaple()
        .ocspAt("http://ocsp.example/")
        .issue()
        .writeTo(directory, "www");

    assertThat(codes(config(StapleMode.OFF))).containsExactly("must-staple");
    assertThat(codes(config(StapleMode.REQUIRE))).isEmpty();
  }

  @Test
  void warnsOfAKeyFileThatEverybodyMayRead() throws IOException {
    ROOT.issue("a.example").writeTo(directory, "www");
    Path key = directory.resolve("www.key");

    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
    assertThat(codes(config(StapleMode.PREFER))).as("a group may be trusted").isEmpty();
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(codes(config(StapleMode.PREFER))).containsExactly("key-file-readable");
  }

  @Test
  void warnsOfAReadableFileThatHoldsBoth() throws IOException {
    TestIdentity issued = ROOT.issue("a.example");
    Path both = TestPem.write(directory.resolve("www.pem"), issued.chainPem() + issued.keyPem());
    Files.setPosixFilePermissions(both, PosixFilePermissions.fromString("rw-r--r--"));

    assertThat(codes(TestConfig.of(TestConfig.www(both, both))))
        .containsExactly("key-file-readable");
  }

  private ProxyConfig config(StapleMode staple) {
    return TestConfig.stapling(
        staple, TestConfig.www(directory.resolve("www.pem"), directory.resolve("www.key")));
  }

  private static IdentityCatalog load(ProxyConfig config) {
    return new IdentityLoader(Clock.systemUTC(), Map.of()).load(config, IdentityCatalog.EMPTY, 1);
  }

  private static List<String> codes(ProxyConfig config) {
    return load(config).problems().stream().map(problem -> problem.code()).toList();
  }

  private static Arguments row(String what, TestIdentity identity, String... codes) {
    return Arguments.of(what, identity, List.of(codes));
  }

  private static TestIdentity until(Instant now, Duration left) {
    return ROOT.leaf("a.example").valid(now.minus(Duration.ofDays(60)), now.plus(left)).issue();
  }

  private static TestIdentity leafOnly(TestIdentity identity) {
    return new TestIdentity(List.of(identity.leaf()), identity.key());
  }

  private static TestIdentity withRoot(TestIdentity identity) {
    return with(identity, ROOT.certificate());
  }

  private static TestIdentity withStranger(TestIdentity identity) {
    return with(identity, TestCa.root("Stranger", TestKey.EC_P256).certificate());
  }

  private static TestIdentity with(TestIdentity identity, X509Certificate last) {
    List<X509Certificate> chain = new ArrayList<>(identity.chain());
    chain.add(last);
    return new TestIdentity(chain, identity.key());
  }

  private static TestIdentity reversed(TestIdentity identity) {
    List<X509Certificate> chain = new ArrayList<>(identity.chain());
    Collections.reverse(chain);
    return new TestIdentity(chain, identity.key());
  }
}
