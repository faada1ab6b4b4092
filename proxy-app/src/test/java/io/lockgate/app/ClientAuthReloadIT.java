package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.Command;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.Patience;
import io.lockgate.testkit.RawClient;
import io.lockgate.testkit.TestIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Authorities that take over from each other, and certificates that are revoked, by reload. */
class ClientAuthReloadIT {
  @TempDir Path directory;
  private Site site;
  private Clients clients;
  private TestIdentity good;
  private TestIdentity bad;
  private LockgateProcess proxy;

  @BeforeEach
  void start() throws IOException {
    site = Site.in(directory);
    clients = new Clients(site, "Clients CA");
    clients.ca().writeRoot(directory.resolve("clients.pem"));
    good = clients.issue("good.example");
    bad = clients.issue("bad.example");
    clients.write("good", good);
    clients.write("bad", bad);
    clients.ca().revoking().writeDerTo(directory.resolve("clients.crl"));
    proxy = site.start(config("mode = required, trust = clients.pem, crl = clients.crl"));
  }

  @AfterEach
  void stop() {
    proxy.close();
  }

  private static String config(String clientAuth) {
    return Site.LISTENERS
        + """
        lockgate.hosts."www.example.com" {
          listeners = [https]
          client-auth { %s }
          routes = [ { path = "/", respond { status = 200, body = "in" } } ]
        }
        """
            .formatted(clientAuth);
  }

  private boolean letsIn(String certificate, String... more) {
    return clients.sClient(proxy, Site.WWW, certificate, more).output().contains("HTTP/1.1 200");
  }

  private RawClient connect(TestIdentity identity) throws IOException {
    RawClient client = site.client(Site.WWW).presenting(identity).connect(proxy.port("https"));
    assertThat(client.send(Site.get("/")).readResponse().status()).isEqualTo(200);
    return client;
  }

  @Test
  void revokedCertificateIsCutOffAtOnceAndOthersGoOn() throws IOException {
    try (RawClient revoked = connect(bad);
        RawClient other = connect(good)) {
      clients.ca().revoking(bad.leaf()).writeTo(directory.resolve("clients.crl"));
      assertThat(proxy.reload()).contains("client-auth of host www.example.com changed");
      revoked.readUntilClosed();
      assertThat(other.send(Site.get("/")).readResponse().status()).isEqualTo(200);
    }
    assertThat(letsIn("bad")).isFalse();
    assertThat(letsIn("good")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void revokedCertificateResumesNoSession(String version) throws IOException {
    String ofBad = directory.resolve("bad.session").toString();
    String ofGood = directory.resolve("good.session").toString();
    assertThat(letsIn("bad", version, "-sess_out", ofBad)).isTrue();
    assertThat(letsIn("good", version, "-sess_out", ofGood)).isTrue();
    clients.ca().revoking(bad.leaf()).writeTo(directory.resolve("clients.crl"));
    proxy.reload();
    assertThat(letsIn("bad", version, "-sess_in", ofBad)).isFalse();
    Command.Result resumed = clients.sClient(proxy, Site.WWW, "good", version, "-sess_in", ofGood);
    assertThat(resumed.output()).contains("Reused, TLS").contains("HTTP/1.1 200");
  }

  @Test
  void authorityTakesOverFromAnother() throws IOException {
    Clients next = new Clients(site, "Next CA");
    next.ca().writeRoot(directory.resolve("next.pem"));
    next.write("next", next.issue("next.example"));
    assertThat(letsIn("next")).isFalse();
    proxy.configure(config("trust = [clients.pem, next.pem]")).reload();
    assertThat(letsIn("next")).isTrue();
    assertThat(letsIn("good")).isTrue();
    proxy.configure(config("trust = next.pem")).reload();
    assertThat(letsIn("next")).isTrue();
    assertThat(letsIn("good")).isFalse();
  }

  @Test
  void authorityThatIsTakenOutResumesNoSession() throws IOException {
    new Clients(site, "Next CA").ca().writeRoot(directory.resolve("next.pem"));
    String session = directory.resolve("session").toString();
    assertThat(letsIn("good", "-sess_out", session)).isTrue();
    proxy.configure(config("trust = next.pem")).reload();
    assertThat(letsIn("good", "-sess_in", session)).isFalse();
    assertThat(letsIn("", "-sess_in", session)).isFalse();
  }

  @Test
  void damagedTrustFileIsNamedAndWhatServesGoesOn() throws IOException {
    Files.writeString(
        directory.resolve("clients.pem"),
        "-----BEGIN CERTIFICATE-----\nZ2FyYmFnZQ==\n-----END CERTIFICATE-----\n");
    assertThat(proxy.reload()).contains("rejected").contains("clients.pem");
    assertThat(proxy.generation()).isEqualTo(1);
    assertThat(letsIn("good")).isTrue();
  }

  @Test
  void listOfAStrangerIsRefused() throws IOException {
    clients
        .ca()
        .revoking(good.leaf())
        .signedBy(site.ca())
        .writeTo(directory.resolve("clients.crl"));
    assertThat(proxy.reload()).contains("rejected").contains("crl-untrusted");
    assertThat(letsIn("good")).isTrue();
  }

  @Test
  void overdueListIsUsedWithAWarning() throws IOException {
    clients.ca().revoking(bad.leaf()).stale().writeTo(directory.resolve("clients.crl"));
    assertThat(proxy.reload()).contains("crl-stale");
    Patience.until("the log warns", () -> proxy.errors().contains("crl-stale"));
    assertThat(letsIn("bad")).isFalse();
    assertThat(letsIn("good")).isTrue();
  }

  @Test
  void connectionWithoutACertificateServesNoHostThatHasComeToDemandOne() throws IOException {
    proxy.configure(config("mode = off")).reload();
    try (RawClient client = site.connect(proxy)) {
      assertThat(client.send(Site.get("/")).readResponse().status()).isEqualTo(200);
      proxy.configure(config("trust = clients.pem")).reload();
      assertThat(lastWords(client)).doesNotContain("200 OK");
    }
    assertThat(letsIn("")).isFalse();
    assertThat(letsIn("good")).isTrue();
  }

  /** What is still answered on a connection that the proxy is closing, if anything. */
  private static String lastWords(RawClient client) {
    try {
      client.send(Site.get("/"));
    } catch (IOException e) {
      return ""; // closed before the request
    }
    return client.readUntilClosed();
  }
}
