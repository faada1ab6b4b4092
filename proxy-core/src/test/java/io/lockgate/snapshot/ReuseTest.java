package io.lockgate.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.Patience;
import io.lockgate.testkit.TestCa;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a generation has in common with the one before, and what it must not. */
class ReuseTest {
  private static final String HOSTS =
      """
      upstreams { app { servers = ["127.0.0.1:9001"] }, api { servers = ["127.0.0.1:9002"] } }
      tls-policies { own { base = intermediate } }
      hosts {
        "a.example" { aliases = ["b.example"], routes = [ { path = "/", upstream = app } ] }
        "*.w.example" { tls-policy = own, routes = [ { path = "/", upstream = api } ] }
      }
      """;

  @TempDir private Path directory;
  private TestGenerations generations;
  private Snapshot before;

  @BeforeEach
  void open() throws IOException {
    generations = new TestGenerations(directory);
    Files.writeString(directory.resolve("lost.txt"), "There is nothing here.");
    before = build("");
  }

  @AfterEach
  void close() {
    generations.close();
  }

  private Snapshot build(String more) throws IOException {
    return generations.build(TestGenerations.LISTENERS + HOSTS + more);
  }

  private static ServedHost host(Snapshot snapshot, String name) {
    return snapshot.listeners().get("https").find(name).orElseThrow();
  }

  private void keeps(Snapshot after, String name) {
    assertThat(host(after, name)).as(name).isSameAs(host(before, name));
  }

  private void renews(Snapshot after, String name) {
    assertThat(host(after, name)).as(name).isNotSameAs(host(before, name));
  }

  @Test
  void keepsHostsAndTheirTableWhereOnlyACertificateChanged() throws IOException {
    generations.renewCertificate();
    ListenerHosts after = build("").listeners().get("https");
    assertThat(after.hosts()).isSameAs(before.listeners().get("https").hosts());
    assertThat(after.all()).isSameAs(before.listeners().get("https").all());
  }

  @Test
  void servesTheNewCertificateOfAHostThatIsKept() throws IOException {
    generations.renewCertificate();
    Snapshot after = build("");
    ServedHost host = host(after, "a.example");
    assertThat(after.names().of(host, "a.example"))
        .isEqualTo(List.of(after.identities().entry("www").orElseThrow().identity()))
        .isNotEqualTo(before.names().of(host, "a.example"));
  }

  @Test
  void sharesTheIdentitiesOfNamesWhoseCertificateIsTheSame() throws IOException {
    TestCa.root().issue("other.example").writeTo(directory, "other");
    Snapshot after = build("certificates { other { chain = \"other.pem\", key = \"other.key\" } }");
    ServedHost host = host(after, "a.example");
    assertThat(after.names().of(host, "a.example")).isSameAs(before.names().of(host, "a.example"));
    assertThat(after.identities().entry("www")).isEqualTo(before.identities().entry("www"));
  }

  @Test
  void compilesOnlyTheHostThatIsConfiguredOtherwise() throws IOException {
    Snapshot after = build("hosts.\"a.example\".hsts { max-age = 60s }");
    renews(after, "a.example");
    keeps(after, "x.w.example");
  }

  @Test
  void findsAHostNoMoreUnderAnAliasThatIsGone() throws IOException {
    Snapshot after = build("hosts.\"a.example\".aliases = []");
    assertThat(after.listeners().get("https").find("b.example")).isEmpty();
    assertThat(after.listeners().get("https").find("a.example")).isPresent();
  }

  @Test
  void compilesOnlyTheHostsOfAnUpstreamThatIsConfiguredOtherwise() throws IOException {
    Snapshot after = build("upstreams.api.connect-timeout = 1s");
    keeps(after, "a.example");
    renews(after, "x.w.example");
  }

  @Test
  void compilesOnlyTheHostsOfAPolicyThatIsConfiguredOtherwise() throws IOException {
    Snapshot after = build("tls-policies.own.min-version = \"1.3\"");
    keeps(after, "a.example");
    renews(after, "x.w.example");
    assertThat(host(after, "x.w.example").terms().policy())
        .isEqualTo(after.config().policies().get("own"));
  }

  @Test
  void compilesAHostAnewWhoseListenerSpeaksOtherwise() throws IOException {
    Snapshot after = build("listeners.https.protocols = [\"http/1.1\"]");
    renews(after, "a.example");
    assertThat(host(after, "a.example").terms().alpn()).containsExactly("http/1.1");
  }

  @Test
  void compilesAHostAnewWhoseListenerHasBecomeOneOfTls() throws IOException {
    String protocols = "listeners.https.protocols = [\"http/1.1\"]\n";
    before = build(protocols + "listeners.https.tls = off");
    renews(build(protocols + "listeners.https.tls = on"), "a.example");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tls.session-cache.lifetime = 2h",
        "tls.tickets.enabled = off",
        "tls.policy = modern",
        "http.error-pages { 404 = lost.txt }",
        "limits.requests { requests-per-second = 7 }"
      })
  void compilesAllHostsAnewWhereSomethingCommonIsConfiguredOtherwise(String more)
      throws IOException {
    Snapshot after = build(more);
    renews(after, "a.example");
    renews(after, "x.w.example");
  }

  @Test
  void forgetsAHostThatIsGone() throws IOException {
    String without = HOSTS.replaceAll("\"a.example\" .*", "");
    Snapshot after = generations.build(TestGenerations.LISTENERS + without);
    assertThat(after.listeners().get("https").find("a.example")).isEmpty();
    assertThat(after.serves("a.example")).isFalse();
    keeps(after, "x.w.example");
  }

  @Test
  void doesNotTakeAWildcardForTheHostThatItCovers() throws IOException {
    String one = "hosts { \"x.w.example\" { routes = [ { path = \"/\", upstream = api } ] } }";
    assertThat(build(one).serves("x.w.example")).isTrue();
    assertThat(build("").serves("x.w.example")).isFalse();
  }

  @Test
  void demandsWhatTheFilesOfAHostSayNow() throws IOException {
    String clients = "hosts.\"a.example\".client-auth { mode = required, trust = \"ca.pem\" }";
    TestCa.root().writeRoot(directory.resolve("ca.pem"));
    before = build(clients);
    keeps(build(clients), "a.example");
    TestCa.root().writeRoot(directory.resolve("ca.pem"));
    Snapshot after = build(clients);
    assertThat(host(after, "a.example").terms()).isNotEqualTo(host(before, "a.example").terms());
    assertThat(host(after, "a.example").routes()).isSameAs(host(before, "a.example").routes());
    keeps(after, "x.w.example");
  }

  @Test
  void holdsOnToNoGenerationBefore() throws IOException {
    WeakReference<Snapshot> first = new WeakReference<>(before);
    before = null;
    generations.renewCertificate();
    build("");
    build("hosts.\"a.example\".hsts { max-age = 60s }");
    Patience.until(
        "the first generation is collected",
        () -> {
          System.gc();
          return first.get() == null;
        });
  }
}
