package io.lockgate.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a reload ends, and what it does not. */
class RetirementTest {
  private static final String HOSTS =
      """
      upstreams { app { servers = ["127.0.0.1:9001"] }, api { servers = ["127.0.0.1:9002"] } }
      hosts {
        "a.example" { routes = [ { path = "/", upstream = app } ] }
        "*.w.example" { routes = [ { path = "/", upstream = api } ] }
      }
      """;

  @TempDir private Path directory;
  private TestGenerations generations;
  private Snapshot before;

  @BeforeEach
  void open() throws IOException {
    generations = new TestGenerations(directory);
    before = generations.build(TestGenerations.LISTENERS + HOSTS);
  }

  @AfterEach
  void close() {
    generations.close();
  }

  private Retirement after(String config) throws IOException {
    return Retirement.between(before, generations.build(config));
  }

  private boolean ends(Retirement retirement, String listener, String host) {
    return retirement.ends(
        before.listeners().get(listener).config(),
        host.isEmpty() ? Optional.empty() : before.listeners().get(listener).find(host));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nothing at all       |                                                       | false",
        "other routes         | hosts.\"a.example\".routes = [ { path = \"/\", upstream = api } ] | false",
        "an alias             | hosts.\"a.example\".aliases = [\"b.example\"]              | false",
        "HSTS                 | hosts.\"a.example\".hsts { max-age = 60s }              | false",
        "an upstream          | upstreams.app.idle-timeout = 7s                       | false",
        "limits of HTTP       | http.idle-timeout = 7s                                | false",
        "tickets off          | tls.tickets.enabled = off                             | false",
        "the session cache    | tls.session-cache.size = 7                            | false",
        "another listener     | listeners.more { address = \"127.0.0.1:8081\", tls = off } | false",
        "the host's policy    | hosts.\"a.example\".tls-policy = modern                 | true",
        "the default policy   | tls.policy = modern                                   | true",
        "the protocols        | listeners.https.protocols = [\"http/1.1\"]             | true",
        "the address          | listeners.https.address = \"127.0.0.1:8444\"           | true"
      })
  void aTlsConnectionEndsOnlyWithItsTerms(String what, String change, boolean ended)
      throws IOException {
    Retirement retirement =
        after(TestGenerations.LISTENERS + HOSTS + (change == null ? "" : change));
    assertThat(ends(retirement, "https", "a.example")).as(what).isEqualTo(ended);
  }

  @Test
  void aRenewedCertificateEndsNoConnection() throws IOException {
    generations.renewCertificate();
    Retirement retirement = after(TestGenerations.LISTENERS + HOSTS);
    assertThat(ends(retirement, "https", "a.example")).isFalse();
    assertThat(ends(retirement, "https", "x.w.example")).isFalse();
  }

  @Test
  void connectionsOfAHostThatIsGoneEndAndThoseOfOthersDoNot() throws IOException {
    Retirement retirement =
        after(
            TestGenerations.LISTENERS
                + """
                upstreams { app { servers = ["127.0.0.1:9001"] } }
                hosts { "a.example" { routes = [ { path = "/", upstream = app } ] } }
                """);
    assertThat(ends(retirement, "https", "x.w.example")).isTrue();
    assertThat(ends(retirement, "https", "a.example")).isFalse();
  }

  @Test
  void aConnectionInClearEndsOnlyWithItsListener() throws IOException {
    Retirement retirement = after(TestGenerations.LISTENERS + HOSTS + "tls.policy = modern");
    assertThat(ends(retirement, "http", "")).isFalse();

    retirement =
        after(TestGenerations.LISTENERS + HOSTS + "listeners.http.address = \"127.0.0.1:8081\"");
    assertThat(ends(retirement, "http", "")).isTrue();

    retirement = after(TestGenerations.LISTENERS.replace("http {", "other {") + HOSTS);
    assertThat(ends(retirement, "http", "")).as("another name").isFalse();

    retirement = after(TestGenerations.LISTENERS.replaceFirst("(?m)^.*http \\{.*$", "") + HOSTS);
    assertThat(ends(retirement, "http", "")).as("no such listener").isTrue();
  }

  @Test
  void aHandshakeThatWasUnderWayIsMeasuredByTheGenerationThatServesItsEnd() throws IOException {
    ListenerHosts accepted = before.listeners().get("https");
    Optional<ServedHost> host = accepted.find("a.example");
    Snapshot routes =
        generations.build(
            TestGenerations.LISTENERS + HOSTS + "hosts.\"a.example\".aliases = [\"b.example\"]");
    Snapshot policy = generations.build(TestGenerations.LISTENERS + HOSTS + "tls.policy = modern");
    assertThat(Retirement.keeps(before, accepted.config(), host)).isTrue();
    assertThat(Retirement.keeps(routes, accepted.config(), host)).isTrue();
    assertThat(Retirement.keeps(policy, accepted.config(), host)).isFalse();
  }

  @Test
  void namesThePoolsThatNobodyUsesAnyMore() throws IOException {
    Retirement retirement =
        after(TestGenerations.LISTENERS + HOSTS + "upstreams.api.idle-timeout = 7s");
    assertThat(retirement.pools()).containsExactly(before.pools().get("api"));
  }
}
