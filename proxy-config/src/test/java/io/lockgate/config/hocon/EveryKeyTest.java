package io.lockgate.config.hocon;

import static io.lockgate.config.hocon.EveryKeyModel.FOLDER;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.config.model.Origin;
import io.lockgate.config.model.ProxyConfig;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every key reaches the model, and no key is forgotten in this test. */
class EveryKeyTest {
  private static final Path FILE = FOLDER.resolve("lockgate.conf");
  private static final Map<String, String> ENVIRONMENT =
      Map.of("TOKEN", "a-token-nobody-may-see", "KEY_PASSWORD", "x");

  private final ConfigResult result = ConfigReader.read(FILE, ENVIRONMENT);

  private ConfigResult.Valid valid() {
    assertThat(result)
        .as(ProblemReport.render(result, false))
        .isInstanceOf(ConfigResult.Valid.class);
    return (ConfigResult.Valid) result;
  }

  @Test
  void everyKeyReachesTheModel() {
    assertThat(valid().config()).isEqualTo(EveryKeyModel.config());
  }

  @Test
  void noKeyThatThisVersionCanActOnIsMissingFromThisTest() {
    Set<String> written = new TreeSet<>();
    valid().effective().rows().stream()
        .filter(row -> !row.origin().equals(Origin.BUILT_IN))
        .forEach(row -> written.add(patternOf(row.path())));
    Set<String> known = new TreeSet<>();
    collect(Schema.LOCKGATE, "", known);
    // Others are there that exclude them.
    known.removeAll(Set.of("tls.tickets.keys-seed.file", "tls.tickets.keys-seed.env"));
    assertThat(written).isEqualTo(known);
  }

  @Test
  void aSecretIsKnownToTheModelAndShownNowhere() {
    assertThat(valid().effective().render(true))
        .contains("lockgate.admin.token = <redacted>  # environment variable TOKEN\n")
        .doesNotContain("nobody-may-see");
    assertThat(valid().config().toString()).doesNotContain("nobody-may-see");
  }

  @Test
  void eachThingIsFoundUnderItsPathWithFileAndLine() {
    ProxyConfig.Origins origins = valid().config().origins();
    Origin https = new Origin(FILE.toString(), 5);
    assertThat(origins.of("listeners.https")).contains(https);
    assertThat(origins.of("listeners.https.address")).contains(https);
    String routes = FOLDER.resolve("more/routes.conf").toString();
    assertThat(origins.of("upstreams.app")).contains(new Origin(routes, 9));
    assertThat(origins.of("hosts.\"www.example.com\"")).contains(new Origin(routes, 20));
    assertThat(origins.of("hosts.\"WWW.example.com\"")).contains(new Origin(routes, 20));
    assertThat(origins.of("hosts.\"www.example.com\".routes[1]")).contains(new Origin(routes, 32));
    assertThat(origins.of("certificates.local")).contains(new Origin(FILE.toString(), 26));
    assertThat(origins.of("tls-policies.partners")).contains(new Origin(FILE.toString(), 9));
  }

  private static String patternOf(String path) {
    return path.replaceAll("\\[\\d+]", ".*")
        .replaceFirst(
            "^(listeners|tls-policies|certificates|upstreams|hosts)\\.(\"[^\"]*\"|[^.]+)", "$1.*")
        .replaceFirst("\\.(set|add|error-pages|match|labels)\\..*", ".$1");
  }

  private static void collect(Section section, String pattern, Set<String> into) {
    for (Key key : section.keys()) {
      String path = pattern.isEmpty() ? key.name() : pattern + "." + key.name();
      if (Refusals.isWhollyRefused(path)) {
        continue;
      }
      if (path.equals("hosts.*.compression")) {
        into.add(path); // The short form here, the long one in a route.
        continue;
      }
      if (path.equals("upstreams.*.balance")) {
        into.add(path); // The short form.
      }
      if (ReferenceText.core(key.shape()) instanceof Section below) {
        collect(below, ReferenceText.isMany(key.shape()) ? path + ".*" : path, into);
        if (path.equals("upstreams.*.servers")) {
          into.add(path); // The short form alone,
          into.add(path + ".*"); // and beside blocks.
        } else if (path.equals("hosts.*.routes.*.limit")
            || path.equals("hosts.*.routes.*.compression")) {
          into.add(path); // The short form.
        }
      } else {
        into.add(path);
      }
    }
  }
}
