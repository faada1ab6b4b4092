package io.lockgate.config.hocon;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.config.model.ProxyConfig;
import io.lockgate.config.model.TlsPolicy;
import io.lockgate.config.model.TlsPolicy.TlsVersion;
import io.lockgate.config.model.UpstreamConfig;
import io.lockgate.config.model.UpstreamConfig.Retry.Condition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator gets without asking, where it matters most; and files that are read twice. */
class DefaultsTest {
  private static final String SMALL =
      """
      lockgate {
        listeners { https { address = "127.0.0.1:8443" } }
        upstreams { app { servers = ["127.0.0.1:9001"] } }
        hosts { "a.example" { routes = [{ path = "/", upstream = app }] } }
      }
      """;

  @TempDir private Path folder;

  private ProxyConfig read(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("lockgate.conf"), text);
    ConfigResult result = ConfigReader.read(file, Map.of());
    assertThat(result.problems()).as(ProblemReport.render(result, false)).isEmpty();
    return ((ConfigResult.Valid) result).config();
  }

  @Test
  void aSmallConfigurationIsEnough() throws IOException {
    ProxyConfig config = read(SMALL);
    assertThat(config.listeners().get(0).protocols()).containsExactly("h2", "http/1.1");
    assertThat(config.hosts().get(0).tlsPolicy()).isEqualTo("intermediate");
    assertThat(config.admin().address()).hasToString("127.0.0.1:9901");
    assertThat(config.admin().token()).isEmpty();
    assertThat(config.accessLog().path()).isEmpty();
    UpstreamConfig.Retry retry = config.upstreams().get(0).retry();
    assertThat(retry.attempts()).isEqualTo(1);
    assertThat(retry.on()).containsExactly(Condition.values());
    assertThat(config.drainTimeout()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void theBuiltInPoliciesOfferForwardSecrecyOnly() throws IOException {
    Map<String, TlsPolicy> policies = read(SMALL).policies();
    assertThat(policies).containsOnlyKeys("modern", "intermediate");
    assertThat(policies.get("modern").minVersion()).isEqualTo(TlsVersion.TLS_1_3);
    assertThat(policies.get("intermediate").minVersion()).isEqualTo(TlsVersion.TLS_1_2);
    assertThat(policies.get("intermediate").ciphers12())
        .hasSize(6)
        .allMatch(cipher -> cipher.startsWith("TLS_ECDHE_") && cipher.matches(".*(GCM|POLY).*"));
    assertThat(policies.get("modern").groups())
        .isEqualTo(List.of("X25519MLKEM768", "X25519", "P-256", "P-384"));
  }

  @Test
  void movingLinesAndBlocksIsNoChange() throws IOException {
    ProxyConfig before = read(SMALL);
    List<String> lines = SMALL.lines().toList();
    String moved =
        String.join("\n", lines.get(0), "\n\n", lines.get(3), lines.get(2), lines.get(1), "}\n");
    assertThat(read(moved)).isEqualTo(before);
  }

  @Test
  void aLongBodyIsNoTrouble() throws IOException {
    String body = "x\\\"".repeat(100_000);
    String text = SMALL.replace("upstream = app", "respond { body = \"" + body + "\" }");
    assertThat(read(text).hosts().get(0).routes().get(0).action().toString().length())
        .isGreaterThan(200_000);
  }

  @Test
  void whatLockgatePrintsCoversEveryDefault() throws IOException {
    Path file = Files.writeString(folder.resolve("lockgate.conf"), SMALL);
    EffectiveConfig effective =
        ((ConfigResult.Valid) ConfigReader.read(file, Map.of())).effective();
    assertThat(effective.render(false))
        .contains("lockgate.listeners.https.address = \"127.0.0.1:8443\"\n")
        .contains("lockgate.hosts.\"a.example\".tls-policy = intermediate\n")
        .contains("lockgate.admin.token = null\n")
        .contains("lockgate.http.h2.max-resets = 200\n");
    assertThat(effective.render(true))
        .contains("lockgate.upstreams.app.connect-timeout = 2s  # built-in\n")
        .contains("routes[0].upstream = app  # " + file + ":4\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"lockgate.conf", "layer4.conf"})
  void theConfigurationsOfTheDistributionAreGood(String name) {
    ConfigResult result = ConfigReader.read(Path.of("../conf", name), Map.of());
    assertThat(result.problems()).as(ProblemReport.render(result, false)).isEmpty();
  }

  @Test
  void theExampleOfTheManualIsGood() throws IOException {
    String manual = Files.readString(Path.of("../docs/configuration.md"));
    int begin = manual.indexOf("```hocon\n") + 9;
    String example = manual.substring(begin, manual.indexOf("```", begin));
    Files.createDirectories(folder.resolve("certs"));
    Files.writeString(folder.resolve("certs/www.pem"), "");
    Files.writeString(folder.resolve("certs/www.key"), "");
    assertThat(read(example).hosts()).hasSize(1);
  }
}
