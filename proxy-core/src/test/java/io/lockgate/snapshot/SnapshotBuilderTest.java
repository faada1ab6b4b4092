package io.lockgate.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotBuilderTest {
  private static final String HOSTS =
      """
      upstreams {
        app { servers = ["127.0.0.1:9001"] }
        api { servers = ["127.0.0.1:9002"] }
      }
      hosts {
        "a.example" {
          aliases = ["b.example"], hsts { max-age = 60s }
          routes = [ { path = "/", upstream = app } ]
        }
        "*.w.example" { routes = [ { path = "/", upstream = api } ], listeners = [https] }
      }
      """;

  @TempDir private Path directory;
  private TestGenerations generations;

  @BeforeEach
  void open() {
    generations = new TestGenerations(directory);
  }

  @AfterEach
  void close() {
    generations.close();
  }

  private Snapshot build(String more) throws IOException {
    return generations.build(TestGenerations.LISTENERS + HOSTS + more);
  }

  @Test
  void findsHostsByNameAliasAndWildcardOnTheirListeners() throws IOException {
    Snapshot snapshot = build("");
    ListenerHosts https = snapshot.listeners().get("https");
    ListenerHosts http = snapshot.listeners().get("http");
    assertThat(https.find("a.example").orElseThrow().label()).isEqualTo("a.example");
    assertThat(https.find("b.example").orElseThrow().label()).isEqualTo("a.example");
    assertThat(https.find("x.w.example").orElseThrow().label()).isEqualTo("*.w.example");
    assertThat(https.find("c.example")).isEmpty();
    assertThat(http.find("a.example")).isPresent();
    assertThat(http.find("x.w.example")).as("served on https only").isEmpty();
    assertThat(https.find("a.example").orElseThrow().answers().hsts())
        .hasToString("Optional[max-age=60]");
  }

  @Test
  void servesUnknownNamesByTheFallbackThatIsConfigured() throws IOException {
    Snapshot snapshot = build("tls { unknown-host = \"a.example\" }");
    ListenerHosts https = snapshot.listeners().get("https");
    assertThat(https.find("c.example").orElseThrow().label()).isEqualTo("a.example");
  }

  @Test
  void redirectsToTheTlsListenerThatIsWrittenFirst() throws IOException {
    assertThat(redirectPort("a.example", "")).isEqualTo(8443);
  }

  @Test
  void redirectsToNoListenerThatExpectsALoadBalancer() throws IOException {
    String balanced = "listeners.zz.proxy-protocol { accept = on, trusted = [\"127.0.0.1\"] }";
    assertThat(redirectPort("a.example", balanced)).isEqualTo(7443);
  }

  @Test
  void redirectsToAListenerThatServesTheHost() throws IOException {
    assertThat(redirectPort("x.w.example", "hosts.\"*.w.example\".listeners = [aa]"))
        .isEqualTo(7443);
  }

  private int redirectPort(String host, String more) throws IOException {
    String listeners =
        """
        listeners {
          http { address = "127.0.0.1:8080", tls = off, redirect-to-https = on }
          zz { address = "127.0.0.1:8443" }
          aa { address = "127.0.0.1:7443" }
        }
        certificates { www { chain = "www.pem", key = "www.key" } }
        """;
    String hosts = HOSTS.replace(", listeners = [https]", "");
    ListenerHosts http = generations.build(listeners + hosts + more).listeners().get("http");
    return http.redirectPorts().orElseThrow().of(host);
  }

  @Test
  void givesHostsTheIdentitiesThatCoverTheirNames() throws IOException {
    Snapshot snapshot = build("");
    ListenerHosts https = snapshot.listeners().get("https");
    IdentityIndex names = snapshot.names();
    ServedHost host = https.find("a.example").orElseThrow();
    ServedHost wildcard = https.find("x.w.example").orElseThrow();
    assertThat(names.of(host, "b.example")).hasSize(1);
    assertThat(names.of(host, "")).as("a client that names nobody").hasSize(1);
    assertThat(names.of(wildcard, "x.w.example")).hasSize(1);
    assertThat(names.of(wildcard, "")).hasSize(1);
  }

  @Test
  void keepsPoolsAndIdentitiesThatStayEqual() throws IOException {
    Snapshot first = build("");
    Snapshot second = build("upstreams.api.connect-timeout = 1s");
    assertThat(second.generation()).isEqualTo(first.generation() + 1);
    assertThat(second.pools().get("app")).isSameAs(first.pools().get("app"));
    assertThat(second.pools().get("api")).isNotSameAs(first.pools().get("api"));
    assertThat(second.identities().sameIdentities(first.identities())).isTrue();
  }

  @Test
  void replacesAPoolWhoseBoundsOfHeadsChange() throws IOException {
    Snapshot first = build("");
    Snapshot second = build("http { max-header-bytes = 128KiB }");
    assertThat(second.pools().get("app")).isNotSameAs(first.pools().get("app"));
  }

  @Test
  void failsWhereNoCertificateCoversAHostAndGoesOnFromTheGenerationBefore() throws IOException {
    Snapshot first = build("");
    BuildResult failed =
        generations.tryBuild(
            TestGenerations.LISTENERS
                + HOSTS
                + "hosts { \"c.example\" { routes = [ { path = \"/\", upstream = app } ] } }");
    assertThat(failed).isInstanceOf(BuildResult.Failed.class);
    assertThat(failed.problems()).anyMatch(problem -> problem.code().equals("uncovered-host"));

    Snapshot second = build("");
    assertThat(second.generation()).isEqualTo(first.generation() + 1);
    assertThat(second.pools()).isEqualTo(first.pools());
  }

  @Test
  void seesARenewedCertificate() throws IOException {
    Snapshot first = build("");
    generations.renewCertificate();
    assertThat(build("").identities().sameIdentities(first.identities())).isFalse();
  }
}
