package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.Command;
import io.lockgate.testkit.Distribution;
import io.lockgate.testkit.EchoOrigin;
import io.lockgate.testkit.Json;
import io.lockgate.testkit.LockgateProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line, run as an operator runs it: the distribution's launcher, and its exit code. */
class CommandLineIT {
  private static final String GOOD = Site.forwardingTo("127.0.0.1:9");

  @TempDir Path directory;
  private Site site;
  private LockgateProcess.Builder lockgate;

  @BeforeEach
  void prepare() {
    site = Site.in(directory);
    lockgate = LockgateProcess.in(directory);
  }

  private Command.Result check(String config, String... arguments) throws IOException {
    return lockgate.config(config).command("check", arguments).run();
  }

  private static Command.Result lockgate(String... arguments) {
    return Distribution.find().command(arguments).run();
  }

  @Nested
  class Check {
    @Test
    void isContentWithAGoodConfiguration() throws IOException {
      check(GOOD).expectSuccess();
    }

    @Test
    void namesEveryProblemAtOnceWithFileLineAndHint() throws IOException {
      String wrong =
          Site.LISTENERS
              + """
              lockgate {
                upstreams { checkout { servers = ["127.0.0.1:9"], conect-timeout = 1s } }
                http { idle-timeout = 75 }
                hosts { "www.example.com" { routes = [
                  { path = "/", upstream = chekout }
                ] } }
              }
              """;
      Command.Result result = check(wrong);
      assertThat(result.exit()).isEqualTo(78);
      assertThat(result.all())
          .contains("error[unknown-upstream]: ")
          .contains("\"chekout\"", "did you mean \"checkout\"?")
          .contains("conect-timeout", "connect-timeout")
          .contains("idle-timeout")
          .contains("lockgate.conf:" + lineOf(wrong, "chekout"))
          .contains("3 errors, 0 warnings. Nothing was changed.");
    }

    @Test
    void includedFilesAreNamedAsTheSource() throws IOException {
      Files.writeString(
          directory.resolve("routes.conf"),
          "lockgate.hosts {\n  \"www.example.com\" { rotes = [] }\n}\n");
      Command.Result result = check("include required(file(\"routes.conf\"))\n" + Site.LISTENERS);
      assertThat(result.exit()).isEqualTo(78);
      assertThat(result.all()).contains("routes.conf:2").contains("routes");
    }

    @Test
    void printsOneJsonDocumentAndNothingElse() throws IOException {
      Command.Result good = check(GOOD, "--json");
      Json.object(good.expectSuccess().output());
      Command.Result wrong = check(GOOD.replace("upstream = app", "upstream = ap"), "--json");
      assertThat(wrong.exit()).isEqualTo(78);
      Json.object(wrong.output());
      assertThat(wrong.output()).contains("unknown-upstream");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            a duration without a unit | lockgate.http.idle-timeout = 75            | idle-timeout
            a size without a unit     | lockgate.http.max-header-bytes = 100       | max-header-bytes
            an unknown unit           | lockgate.http.idle-timeout = 3 fortnights  | idle-timeout
            an unknown key            | lockgate.htpp.idle-timeout = 3s            | htpp
            an unknown policy         | lockgate.tls.policy = modernest            | modernest
            a switch that is none     | lockgate.tls.certificate-compression = maybe | certificate-compression
            a port out of range       | lockgate.listeners.https.address = "127.0.0.1:99999" | 99999
            a name for an address     | lockgate.listeners.https.address = "localhost:8443"  | localhost
            a file that is not there  | lockgate.certificates.www.chain = "none.pem" | none.pem
            a reserved key            | lockgate.certificates.a { acme = letsencrypt, names = ["a.example"] } | not-yet-supported
            an unknown listener       | lockgate.hosts."www.example.com".listeners = [htps] | htps
            """)
    void refuses(String what, String line, String named) throws IOException {
      Command.Result result = check(GOOD + line + "\n");
      assertThat(result.exit()).as(what + "\n" + result).isEqualTo(78);
      assertThat(result.all()).contains(named).contains("lockgate.conf:");
    }

    @Test
    void refusesAKeyThatBelongsToAnotherCertificate() throws IOException {
      Files.writeString(directory.resolve("www.key"), site.ca().issue(Site.WWW).keyPem());
      Command.Result result = check(GOOD);
      assertThat(result.exit()).isEqualTo(78);
      assertThat(result.all()).contains("www.key");
    }

    @Test
    void refusesAHostThatNoCertificateCovers() throws IOException {
      Command.Result result = check(GOOD.replace("\"www.example.com\"", "\"www.example.org\""));
      assertThat(result.exit()).isEqualTo(78);
      assertThat(result.all()).contains("www.example.org");
    }

    @Test
    void warnsOfAnExpiredCertificateAndRefusesItWhenStrict() throws IOException {
      site.ca().leaf(Site.WWW).expired().issue().writeTo(directory, "www");
      Command.Result lenient = check(GOOD);
      assertThat(lenient.expectSuccess().all()).contains("warning[").contains("expired");
      assertThat(check(GOOD, "--strict").exit()).isEqualTo(78);
    }

    @Test
    void refusesAMissingInclude() throws IOException {
      Command.Result result = check("include required(file(\"none.conf\"))\n" + GOOD);
      assertThat(result.exit()).isEqualTo(78);
      assertThat(result.all()).contains("none.conf");
    }

    @Test
    void readsWholeDirectoriesInTheOrderOfTheirNames() throws IOException {
      Path hosts = Files.createDirectories(directory.resolve("hosts.d"));
      Files.writeString(
          hosts.resolve("10-www.conf"),
          "lockgate.hosts.\"www.example.com\".routes ="
              + " [ { path = \"/\", respond { status = 200, body = \"\" } } ]\n");
      check(Site.LISTENERS + "lockgate.include-files = [\"hosts.d/*.conf\"]\n").expectSuccess();
    }
  }

  @Nested
  class Config {
    @Test
    void showsTheEffectiveConfigurationWithOriginsAndWithoutSecrets() throws IOException {
      lockgate.config(
          GOOD + "lockgate.admin { address = \"127.0.0.1:{{admin}}\", token = \"s3cret\" }\n");
      Command.Result result = lockgate.command("config", "--origins").run().expectSuccess();
      assertThat(result.output())
          .contains("<redacted>", "lockgate.conf:", "idle-timeout")
          .doesNotContain("s3cret");
    }

    @Test
    void substitutesTheEnvironment() throws IOException {
      lockgate
          .config(GOOD + "lockgate.http.idle-timeout = ${?IDLE_FOR_TEST}\n")
          .environment("IDLE_FOR_TEST", "77s");
      assertThat(lockgate.command("config").run().expectSuccess().output()).contains("77s");
    }
  }

  @Nested
  class Usage {
    @Test
    void versionIsOneLine() {
      assertThat(lockgate("version").expectSuccess().output()).matches("lockgate \\S+.*\\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "frobnicate", "check --frobnicate", "run -c"})
    void wrongUsageExitsWith2AndExplains(String line) {
      Command.Result result = lockgate(line.isEmpty() ? new String[0] : line.split(" ", -1));
      assertThat(result.exit()).isEqualTo(2);
      assertThat(result.errors()).contains("lockgate");
    }

    @ParameterizedTest
    @ValueSource(strings = {"reload", "drain", "status"})
    void daemonThatIsNotThereIsAFailure(String command) {
      Command.Result result = lockgate(command, "--admin", "127.0.0.1:" + lockgate.port("nobody"));
      assertThat(result.exit()).isEqualTo(1);
      assertThat(result.errors()).contains("127.0.0.1:" + lockgate.port("nobody"));
    }

    @Test
    void missingConfigurationFileIsAWrongConfiguration() {
      Command.Result result = lockgate("check", "-c", directory.resolve("none.conf").toString());
      assertThat(result.exit()).isEqualTo(78);
      assertThat(result.all()).contains("none.conf");
    }
  }

  @Nested
  class Run {
    @Test
    void printsOneLineWhenItServes() throws IOException {
      try (LockgateProcess proxy = lockgate.config(GOOD).start()) {
        assertThat(proxy.readyLine())
            .matches(
                "lockgate \\S+ ready in \\d+ ms: .+, 1 hosts, 1 certificates, generation 1,"
                    + " admin 127\\.0\\.0\\.1:"
                    + proxy.port("admin"))
            .contains(":" + proxy.port("https"), ":" + proxy.port("http"));
      }
    }

    @Test
    void wrongConfigurationExitsWith78AndTheReport() throws IOException {
      Command.Result result =
          lockgate.config(GOOD.replace("upstream = app", "upstream = ap")).command("run").run();
      assertThat(result.exit()).isEqualTo(78);
      assertThat(result.errors()).contains("error[unknown-upstream]");
    }

    @Test
    void addressInUseExitsWith75AndNamesIt() throws IOException {
      try (EchoOrigin occupant = EchoOrigin.start()) {
        Command.Result result =
            lockgate.config(GOOD.replace("{{https}}", "" + occupant.port())).command("run").run();
        assertThat(result.exit()).isEqualTo(75);
        assertThat(result.errors()).contains("127.0.0.1:" + occupant.port());
      }
    }

    @Test
    void secondDaemonOnTheSameAddressesExitsWith75() throws IOException {
      try (LockgateProcess first = lockgate.config(GOOD).start()) {
        Command.Result second = lockgate.command("run").run();
        assertThat(second.exit())
            .as("sharing a port among loops does not mean sharing it with a stranger\n" + second)
            .isEqualTo(75);
        assertThat(first.alive()).isTrue();
      }
    }

    @Test
    void adminAddressInUseExitsWith75AndNamesIt() throws IOException {
      try (EchoOrigin occupant = EchoOrigin.start()) {
        String admin = "lockgate.admin.address = \"127.0.0.1:" + occupant.port() + "\"\n";
        Command.Result result = lockgate.config(GOOD + admin).command("run").run();
        assertThat(result.exit()).isEqualTo(75);
        assertThat(result.errors()).contains("127.0.0.1:" + occupant.port());
      }
    }
  }

  @Nested
  class Status {
    @Test
    void tellsOfTheRunningDaemon() throws IOException {
      try (LockgateProcess proxy = lockgate.config(GOOD).start()) {
        String admin = "127.0.0.1:" + proxy.port("admin");
        assertThat(lockgate("status", "--admin", admin).expectSuccess().output()).isNotBlank();
      }
    }

    @Test
    void drainEndsAnIdleDaemonAndSaysSo() throws IOException {
      try (LockgateProcess proxy = lockgate.config(GOOD).start()) {
        lockgate("drain", "--admin", "127.0.0.1:" + proxy.port("admin")).expectSuccess();
        assertThat(proxy.awaitExit()).isZero();
      }
    }

    @Test
    void certificatesAreListedFromTheFilesAndFromTheDaemon() throws IOException {
      try (LockgateProcess proxy = lockgate.config(GOOD).start()) {
        assertThat(lockgate.command("certs").run().expectSuccess().output()).contains("www");
        String admin = "127.0.0.1:" + proxy.port("admin");
        assertThat(lockgate("certs", "--admin", admin).expectSuccess().output()).contains("www");
      }
    }
  }

  private static int lineOf(String text, String part) {
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).contains(part)) {
        return i + 1;
      }
    }
    throw new AssertionError(part);
  }
}
