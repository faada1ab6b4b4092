package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.Command;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.TestCa;
import io.lockgate.testkit.TestKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which certificate a client gets, seen by {@code openssl s_client}. */
class SniSelectionIT {
  private static final String CONFIG =
      """
      lockgate {
        listeners { https { address = "127.0.0.1:{{https}}" } }
        access-log { format = off }
        certificates {
          one { chain = "one.pem", key = "one.key" }
          one-rsa { chain = "one-rsa.pem", key = "one-rsa.key" }
          two { chain = "two.pem", key = "two.key" }
          wild { chain = "wild.pem", key = "wild.key" }
          exact { chain = "exact.pem", key = "exact.key" }
        }
        hosts {
          "one.example.com" { routes = [ { path = "/", respond { status = 200, body = "one" } } ] }
          "two.example.com" { aliases = ["zwei.example.com"], routes = [ { path = "/", respond { status = 200, body = "two" } } ] }
          "*.apps.example.com" { routes = [ { path = "/", respond { status = 200, body = "wild" } } ] }
          "exact.apps.example.com" { routes = [ { path = "/", respond { status = 200, body = "exact" } } ] }
        }
      }
      """;

  @TempDir static Path directory;
  private static Site site;
  private static LockgateProcess proxy;

  @BeforeAll
  static void start() throws IOException {
    site = Site.in(directory);
    TestCa issuing = site.ca().intermediate("Issuing CA");
    issuing.leaf("one.example.com").commonName("one").issue().writeTo(directory, "one");
    issuing
        .leaf("one.example.com")
        .commonName("one-rsa")
        .key(TestKey.RSA_2048)
        .issue()
        .writeTo(directory, "one-rsa");
    issuing
        .leaf("two.example.com", "zwei.example.com")
        .commonName("two")
        .issue()
        .writeTo(directory, "two");
    issuing.leaf("*.apps.example.com").commonName("wild").issue().writeTo(directory, "wild");
    issuing.leaf("exact.apps.example.com").commonName("exact").issue().writeTo(directory, "exact");
    proxy = site.start(CONFIG);
  }

  @AfterAll
  static void stop() {
    proxy.close();
  }

  private static String subject(Command.Result handshake) {
    return Pattern.compile("(?m)^subject=CN = (\\S+)$")
        .matcher(handshake.output())
        .results()
        .map((MatchResult found) -> found.group(1))
        .findFirst()
        .orElseThrow(() -> new AssertionError(handshake.toString()));
  }

  @ParameterizedTest
  @CsvSource({
    "one.example.com, one",
    "ONE.example.com, one",
    "two.example.com, two",
    "zwei.example.com, two",
    "a.apps.example.com, wild",
    "exact.apps.example.com, exact",
  })
  void serverNameChoosesTheCertificate(String name, String certificate) {
    Command.Result handshake = site.sClient(proxy, "-servername", name).run().expectSuccess();
    assertThat(subject(handshake)).isEqualTo(certificate);
    assertThat(handshake.output()).contains("Verify return code: 0 (ok)");
  }

  @Test
  void sendsLeafThenIssuerAndNoRoot() {
    Command.Result handshake = site.sClient(proxy, "-servername", "one.example.com").run();
    assertThat(
            Pattern.compile("(?m)^ *\\d s:(.*)$")
                .matcher(handshake.expectSuccess().output())
                .results()
                .map(found -> found.group(1)))
        .containsExactly("CN = one", "CN = Issuing CA");
  }

  @ParameterizedTest
  @CsvSource({
    "-sigalgs, ECDSA+SHA256, one",
    "-sigalgs, RSA-PSS+SHA256:RSA+SHA256, one-rsa",
    "-sigalgs, ECDSA+SHA256:RSA-PSS+SHA256, one",
  })
  void certificateIsOneThatTheClientCanVerify(String option, String value, String certificate) {
    // The chain is signed by ECDSA; without certificate signature algorithms of its own openssl
    // would refuse it, which is not what is asked here.
    Command.Result handshake =
        Command.of(
                "openssl",
                "s_client",
                "-connect",
                "127.0.0.1:" + proxy.port("https"),
                "-servername",
                "one.example.com",
                "-tls1_2",
                option,
                value)
            .run();
    assertThat(subject(handshake)).isEqualTo(certificate);
  }

  @ParameterizedTest
  @CsvSource({
    "ECDHE-ECDSA-AES128-GCM-SHA256, one",
    "ECDHE-RSA-AES128-GCM-SHA256, one-rsa",
  })
  void cipherSuitesOfTls12ChooseTheKindOfKey(String cipher, String certificate) {
    Command.Result handshake =
        site.sClient(proxy, "-servername", "one.example.com", "-tls1_2", "-cipher", cipher).run();
    assertThat(subject(handshake.expectSuccess())).isEqualTo(certificate);
  }

  @ParameterizedTest
  @ValueSource(strings = {"unknown.example.org", "apps.example.com", "a.b.apps.example.com"})
  void unknownNameIsRefusedByItsAlert(String name) {
    Command.Result handshake = site.sClient(proxy, "-servername", name).run();
    assertThat(handshake.exit()).isNotZero();
    assertThat(handshake.errors()).containsIgnoringCase("unrecognized name");
    assertThat(proxy.metric("lockgate_tls_handshake_failures_total", "reason=\"unknown_host\""))
        .isPositive();
  }

  @Test
  void missingNameIsRefusedUnlessTheOperatorSaysWhoAnswers() {
    Command.Result handshake = site.sClient(proxy, "-noservername").run();
    assertThat(handshake.exit()).isNotZero();
    assertThat(handshake.errors()).contains("alert");
  }

  @Test
  void tls11IsRefusedByItsAlert() {
    double before =
        proxy.metric("lockgate_tls_handshake_failures_total", "reason=\"protocol_version\"");
    Command.Result handshake =
        site.sClient(
                proxy, "-servername", "one.example.com", "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0")
            .run();
    assertThat(handshake.exit()).isNotZero();
    assertThat(handshake.errors()).contains("alert protocol version");
    assertThat(proxy.metric("lockgate_tls_handshake_failures_total", "reason=\"protocol_version\""))
        .isEqualTo(before + 1);
  }

  @Test
  void fallbackHostAnswersForUnknownAndMissingNamesWhereConfigured() throws IOException {
    Path own = java.nio.file.Files.createDirectories(directory.resolve("fallback"));
    for (String name : new String[] {"one", "one-rsa", "two", "wild", "exact"}) {
      for (String kind : new String[] {".pem", ".key"}) {
        java.nio.file.Files.copy(directory.resolve(name + kind), own.resolve(name + kind));
      }
    }
    String config =
        CONFIG + "lockgate.tls { unknown-host = one.example.com, missing-sni = two.example.com }\n";
    try (LockgateProcess fallback =
        LockgateProcess.in(own)
            .config(config.replace("= one.example.com", "= \"one.example.com\""))
            .start()) {
      assertThat(subject(site.sClient(fallback, "-servername", "what.example.org").run()))
          .isEqualTo("one");
      assertThat(subject(site.sClient(fallback, "-noservername").run())).isEqualTo("two");
    }
  }
}
