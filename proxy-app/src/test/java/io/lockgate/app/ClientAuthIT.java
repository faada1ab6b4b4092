package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.Command;
import io.lockgate.testkit.EchoOrigin;
import io.lockgate.testkit.H2Client;
import io.lockgate.testkit.HttpMessage;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.Patience;
import io.lockgate.testkit.RawClient;
import io.lockgate.testkit.TestCa;
import io.lockgate.testkit.TestIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets in to a host that asks for certificates, what the others are told, and the upstream. */
class ClientAuthIT {
  private static final String HOSTS =
      """
      lockgate {
        access-log { format = json, path = "access.log" }
        listeners { http { address = "127.0.0.1:{{http}}", tls = off } }
        http.forwarded.trusted = ["127.0.0.0/8"]
        upstreams { app { servers = ["ORIGIN"] } }
        hosts {
          "www.example.com" {
            client-auth {
              trust = [ "clients.pem" ], crl = "clients.crl"
              allow = [ "dns:*.partners.example", "spiffe://corp/*" ]
              forward = [ client-cert, xfcc ]
            }
            routes = [ { path = "/", upstream = app } ]
          }
          "api.example.com" {
            client-auth { mode = optional, trust = "clients.pem", forward = [ xfcc ] }
            routes = [ { path = "/", upstream = app } ]
          }
          "a.apps.example.com" {
            client-auth { trust = "others.pem" }
            routes = [ { path = "/", upstream = app } ]
          }
          "b.apps.example.com" { routes = [ { path = "/", upstream = app } ] }
        }
      }
      """;
  private static final String OTHER = "a.apps.example.com";
  private static final String OPEN = "b.apps.example.com";

  @TempDir static Path directory;
  private static Site site;
  private static Clients clients;
  private static EchoOrigin origin;
  private static TestIdentity good;
  private static LockgateProcess proxy;

  @BeforeAll
  static void start() throws IOException {
    site = Site.in(directory);
    origin = EchoOrigin.start();
    clients = new Clients(site, "Clients CA");
    clients.ca().writeRoot(directory.resolve("clients.pem"));
    good = clients.issue("a.partners.example", "spiffe://corp/billing");
    clients.write("good", good);
    TestIdentity revoked = clients.issue("r.partners.example");
    clients.write("revoked", revoked);
    clients.ca().revoking(revoked.leaf()).writeTo(directory.resolve("clients.crl"));
    clients.write("expired", clients.ca().leaf("e.partners.example").forClient().expired().issue());
    clients.write(
        "early", clients.ca().leaf("n.partners.example").forClient().notYetValid().issue());
    clients.write("server", clients.ca().issue("s.partners.example"));
    clients.write("unlisted", clients.issue("a.example"));
    clients.write(
        "below",
        clients.ca().intermediate("Issuing CA").leaf("b.partners.example").forClient().issue());
    Clients others = new Clients(site, "Others CA");
    others.ca().writeRoot(directory.resolve("others.pem"));
    others.write("stranger", others.issue("a.partners.example"));
    proxy = site.start(Site.LISTENERS + HOSTS.replace("ORIGIN", origin.address()));
  }

  @AfterAll
  static void stop() throws IOException {
    proxy.close();
    origin.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void letsInWhoHasAGoodCertificate(String version) {
    assertThat(clients.sClient(proxy, Site.WWW, "good", version).output())
        .contains("HTTP/1.1 200")
        .as("the authorities to choose a certificate by")
        .contains("Acceptable client certificate CA names\nCN = Clients CA");
    assertThat(clients.sClient(proxy, Site.WWW, "below", version).output())
        .contains("HTTP/1.1 200");
  }

  /** Alerts of RFC 8446 section 6.2; a client of TLS 1.3 hears of them after its own Finished. */
  @ParameterizedTest
  @CsvSource({
    "-tls1_2, '', missing, 40, client_certificate_missing",
    "-tls1_3, '', missing, 116, client_certificate_missing",
    "-tls1_2, stranger, untrusted, 48, client_certificate_untrusted",
    "-tls1_3, stranger, untrusted, 48, client_certificate_untrusted",
    "-tls1_2, expired, expired, 45, client_certificate_expired",
    "-tls1_3, expired, expired, 45, client_certificate_expired",
    "-tls1_3, early, not_yet_valid, 45, client_certificate_expired",
    "-tls1_2, revoked, revoked, 44, client_certificate_revoked",
    "-tls1_3, revoked, revoked, 44, client_certificate_revoked",
    "-tls1_2, unlisted, not_allowed, 42, client_certificate_not_allowed",
    "-tls1_3, unlisted, not_allowed, 42, client_certificate_not_allowed",
    "-tls1_3, server, wrong_purpose, 43, client_certificate_not_allowed",
  })
  void saysExactlyWhyItRefusesAClientAndForwardsNothing(
      String version, String certificate, String reason, int alert, String failure) {
    double before = failures(reason);
    double handshakes = handshakeFailures(failure);
    int forwarded = origin.requests().size();
    Command.Result refused = clients.sClient(proxy, Site.WWW, certificate, version);
    assertThat(refused.output()).doesNotContain("HTTP/1.1");
    assertThat(refused.errors()).contains("SSL alert number " + alert);
    Patience.until("the refusal is counted", () -> failures(reason) == before + 1);
    Patience.until("the failure is counted", () -> handshakeFailures(failure) == handshakes + 1);
    assertThat(origin.requests()).as("requests at the upstream").hasSize(forwarded);
  }

  private static double failures(String reason) {
    return proxy.metric(
        "lockgate_tls_client_auth_failures_total",
        "host=\"www.example.com\"",
        "reason=\"" + reason + "\"");
  }

  private static double handshakeFailures(String reason) {
    return proxy.metric(
        "lockgate_tls_handshake_failures_total",
        "host=\"www.example.com\"",
        "reason=\"" + reason + "\"");
  }

  @Test
  void optionalCertificateMayBeMissingButNotBad() {
    assertThat(clients.sClient(proxy, Site.API, "").output()).contains("HTTP/1.1 200");
    assertThat(origin.lastRequest().field("X-Forwarded-Client-Cert")).isEmpty();
    assertThat(clients.sClient(proxy, Site.API, "unlisted").output()).contains("HTTP/1.1 200");
    assertThat(origin.lastRequest().field("X-Forwarded-Client-Cert")).isNotEmpty();
    assertThat(clients.sClient(proxy, Site.API, "stranger").output()).doesNotContain("HTTP/1.1");
  }

  @Test
  void hostsOfOneListenerHoldToTheirOwnAuthorities() {
    assertThat(clients.sClient(proxy, OTHER, "stranger").output()).contains("HTTP/1.1 200");
    assertThat(clients.sClient(proxy, OTHER, "good").output()).doesNotContain("HTTP/1.1");
    assertThat(clients.sClient(proxy, Site.WWW, "stranger").output()).doesNotContain("HTTP/1.1");
    assertThat(clients.sClient(proxy, OPEN, "").output())
        .contains("HTTP/1.1 200")
        .contains("No client certificate CA names sent");
  }

  @Test
  void curlGetsInWithACertificate() {
    String seen =
        clients
            .curl(proxy, "good", "--http2", "https://www.example.com/x")
            .run()
            .expectSuccess()
            .output();
    assertThat(seen).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void sessionWithoutACertificateOpensNoHostThatDemandsOne(String version) {
    String session = directory.resolve("open" + version).toString();
    clients.sClient(proxy, OPEN, "", version, "-sess_out", session);
    Command.Result resumed = clients.sClient(proxy, Site.WWW, "", version, "-sess_in", session);
    assertThat(resumed.output()).doesNotContain("HTTP/1.1").doesNotContain("Reused, TLS");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void sessionOfOneHostsClientOpensNoOtherHost(String version) {
    String session = directory.resolve("crossing" + version).toString();
    clients.sClient(proxy, OTHER, "stranger", version, "-sess_out", session);
    Command.Result resumed = clients.sClient(proxy, Site.WWW, "", version, "-sess_in", session);
    assertThat(resumed.output()).doesNotContain("HTTP/1.1").doesNotContain("Reused, TLS");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void resumedSessionTellsTheUpstreamTheSame(String version) {
    String session = directory.resolve("resumed" + version).toString();
    clients.sClient(proxy, Site.WWW, "good", version, "-sess_out", session);
    HttpMessage first = origin.lastRequest();
    Command.Result second = clients.sClient(proxy, Site.WWW, "good", version, "-sess_in", session);
    assertThat(second.output()).contains("Reused, TLS").contains("HTTP/1.1 200");
    HttpMessage resumed = origin.lastRequest();
    assertThat(resumed.field("Client-Cert")).isNotEmpty().isEqualTo(first.field("Client-Cert"));
    assertThat(resumed.field("X-Forwarded-Client-Cert"))
        .isNotEmpty()
        .isEqualTo(first.field("X-Forwarded-Client-Cert"));
  }

  @Test
  void upstreamIsToldWhoTheClientIs() throws Exception {
    clients.sClient(proxy, Site.WWW, "good");
    HttpMessage seen = origin.lastRequest();
    assertThat(seen.fields("Client-Cert"))
        .as("RFC 9440 section 2.2")
        .containsExactly(":" + Base64.getEncoder().encodeToString(good.leaf().getEncoded()) + ":");
    assertThat(seen.fields("Client-Cert-Chain")).isEmpty();
    assertThat(seen.field("X-Forwarded-Client-Cert").orElseThrow())
        .matches(
            "Hash=[0-9a-f]{64};Subject=\"CN=a.partners.example\""
                + ";URI=spiffe://corp/billing;DNS=a.partners.example");
    clients.sClient(proxy, Site.WWW, "below");
    assertThat(origin.lastRequest().field("Client-Cert-Chain").orElseThrow())
        .matches(":[A-Za-z0-9+/=]+:");
  }

  @Test
  void whatClientsSayOfCertificatesThemselvesIsRemovedEverywhere() throws IOException {
    String forged =
        """
        Client-Cert: :Zm9yZ2Vk:
        Client-Cert-Chain: :Zm9yZ2Vk:
        X-Forwarded-Client-Cert: Hash=forged
        """;
    for (String host : new String[] {OPEN, Site.API}) {
      try (RawClient client = site.client(host).connect(proxy.port("https"))) {
        client.send(Site.wire("GET / HTTP/1.1\nHost: " + host + "\n" + forged + "\n"));
        assertThat(client.readResponse().status()).isEqualTo(200);
      }
      assertThat(origin.lastRequest().fields("Client-Cert")).isEmpty();
      assertThat(origin.lastRequest().fields("Client-Cert-Chain")).isEmpty();
      assertThat(origin.lastRequest().fields("X-Forwarded-Client-Cert")).isEmpty();
    }
    clients
        .curl(
            proxy,
            "good",
            "--http2",
            "-H",
            "Client-Cert: :Zm9yZ2Vk:",
            "-H",
            "X-Forwarded-Client-Cert: Hash=forged",
            "https://www.example.com/")
        .run()
        .expectSuccess();
    assertThat(origin.lastRequest().fields("Client-Cert"))
        .singleElement()
        .asString()
        .doesNotContain("Zm9yZ2Vk");
    assertThat(origin.lastRequest().fields("X-Forwarded-Client-Cert"))
        .singleElement()
        .asString()
        .doesNotContain("forged");
  }

  @Test
  void connectionToOneHostServesNoOtherThatDemandsMore() throws IOException {
    int forwarded = origin.requests().size();
    try (H2Client client = H2Client.connect(site.client(OPEN), proxy.port("https"))) {
      assertThat(client.await(client.get(Site.WWW, "/")).status()).isEqualTo(421);
      assertThat(client.await(client.get(Site.API, "/")).status()).isEqualTo(421);
      assertThat(client.await(client.get(OTHER, "/")).status()).isEqualTo(421);
    }
    try (H2Client client =
        H2Client.connect(site.client(Site.WWW).presenting(good), proxy.port("https"))) {
      assertThat(client.await(client.get(OTHER, "/")).status()).isEqualTo(421);
      assertThat(client.await(client.get(OPEN, "/")).status()).isEqualTo(421);
      assertThat(client.await(client.get(Site.WWW, "/")).status()).isEqualTo(200);
    }
    assertThat(origin.requests()).hasSize(forwarded + 1);
  }

  @Test
  void listenerInClearAnswersForAHostThatDemandsCertificatesWith403() throws IOException {
    try (RawClient client = RawClient.connect(proxy.port("http"))) {
      assertThat(client.send(Site.get("/")).readResponse().status()).isEqualTo(403);
    }
    assertThat(proxy.errors()).contains("client-auth-without-tls");
  }

  @Test
  void accessLogNamesTheClient() throws IOException {
    clients.sClient(proxy, Site.WWW, "good");
    clients.sClient(proxy, Site.WWW, "revoked");
    Path log = directory.resolve("access.log");
    String text =
        Patience.until(
            "both stand in the log",
            () -> java.nio.file.Files.readString(log),
            now -> now.contains("CN=a.partners.example") && now.contains("is revoked"));
    assertThat(text)
        .contains("\"client_cert_subject\":\"CN=a.partners.example\"")
        .contains("client_certificate_revoked");
  }

  @Test
  void hostsTellWhatTheyAskFor() {
    assertThat(proxy.admin("/hosts"))
        .contains("\"client_auth\"")
        .contains("\"dns:*.partners.example\"")
        .contains("clients.crl");
  }

  /** TLS 1.3 would allow it (RFC 8446 section 4.6.2); HTTP/2 forbids it (RFC 8740). */
  @Test
  void neverAsksForACertificateLater() {
    assertThat(clients.sClient(proxy, OPEN, "good", "-tls1_3", "-enable_pha", "-msg").all())
        .contains("HTTP/1.1 200")
        .doesNotContain("CertificateRequest");
  }

  @Test
  void authorityOfServersIsNoneForClients() {
    TestCa servers = site.ca();
    clients.write("by-servers", servers.leaf("x.partners.example").forClient().issue());
    assertThat(clients.sClient(proxy, Site.WWW, "by-servers").output()).doesNotContain("HTTP/1.1");
  }
}
