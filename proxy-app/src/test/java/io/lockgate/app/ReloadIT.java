package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockgate.testkit.Command;
import io.lockgate.testkit.Distribution;
import io.lockgate.testkit.EchoOrigin;
import io.lockgate.testkit.H2Client;
import io.lockgate.testkit.Json;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.Patience;
import io.lockgate.testkit.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A reload is noticed by nobody but those it is about. */
class ReloadIT {
  @TempDir Path directory;
  private Site site;
  private EchoOrigin origin;
  private LockgateProcess proxy;
  private String config;

  @BeforeEach
  void start() throws IOException {
    site = Site.in(directory);
    origin = EchoOrigin.start();
    config = Site.forwardingTo(origin.address());
    proxy = site.start(config);
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    origin.close();
  }

  private static X509Certificate certificateOf(RawClient client) throws IOException {
    return (X509Certificate) client.tlsSession().getPeerCertificates()[0];
  }

  private static void exchange(RawClient client, String path, int status) throws IOException {
    assertThat(client.send(Site.get(path)).readResponse().status()).isEqualTo(status);
  }

  @Nested
  class WhenACertificateIsRenewed {
    @Test
    void newConnectionsGetItAndOldOnesStayOpen() throws IOException {
      try (RawClient old = site.connect(proxy);
          H2Client oldH2 = H2Client.connect(site.client(Site.WWW), proxy.port("https"))) {
        exchange(old, "/", 200);
        site.renewCertificate();
        proxy.reload();
        assertThat(proxy.generation()).isEqualTo(2);
        try (RawClient fresh = site.connect(proxy)) {
          assertThat(certificateOf(fresh)).isNotEqualTo(certificateOf(old));
          exchange(fresh, "/", 200);
        }
        exchange(old, "/", 200);
        assertThat(oldH2.await(oldH2.get(Site.WWW, "/")).status()).isEqualTo(200);
        assertThat(oldH2.goAway()).isEmpty();
      }
    }
  }

  @Nested
  class WhenARouteChanges {
    @Test
    void openConnectionsFollowItWithTheirNextRequest() throws IOException {
      try (RawClient client = site.connect(proxy);
          H2Client h2 = H2Client.connect(site.client(Site.WWW), proxy.port("https"))) {
        exchange(client, "/new", 200);
        proxy.configure(
            config
                + """
                lockgate.hosts."www.example.com".routes = [
                  { path = "/new", respond { status = 418, body = "new" } }
                  { path = "/", upstream = app }
                ]
                """);
        proxy.reload();
        exchange(client, "/new", 418);
        assertThat(h2.await(h2.get(Site.WWW, "/new")).status()).isEqualTo(418);
        exchange(client, "/", 200);
      }
    }

    @Test
    void requestInFlightIsFinishedByTheRouteThatTookIt() throws IOException {
      try (RawClient client = site.connect(proxy)) {
        client.send(Site.get("/hold"));
        Patience.until("the origin holds the request", () -> origin.holding() == 1);
        proxy.configure(
            Site.LISTENERS
                + "lockgate.hosts.\"www.example.com\".routes ="
                + " [ { path = \"/\", respond { status = 418, body = \"\" } } ]\n");
        proxy.reload();
        origin.release();
        assertThat(client.readResponse().status()).isEqualTo(200);
        exchange(client, "/", 418);
        Patience.until(
            "the removed upstream's connection is closed", () -> origin.openConnections() == 0);
      }
    }

    @Test
    void poolsOfUpstreamsThatStayAreKeptWarm() throws IOException {
      try (RawClient client = site.connect(proxy)) {
        exchange(client, "/", 200);
        int before = origin.connections();
        for (int turn = 1; turn <= 3; turn++) {
          proxy.configure(
              config
                  + "lockgate.hosts.\"www.example.com\".hsts { max-age = %dd }\n".formatted(turn));
          proxy.reload();
          exchange(client, "/", 200);
        }
        assertThat(origin.connections()).as("the origin saw no new connection").isEqualTo(before);
      }
    }
  }

  @Nested
  class WhenTheCertificateStays {
    @Test
    void sessionsFromBeforeTheReloadAreResumedAfterIt() throws IOException {
      Path session = directory.resolve("session");
      handshake("-sess_out", session);
      proxy.configure(config + "lockgate.http.idle-timeout = 70s\n");
      proxy.reload();
      assertThat(handshake("-sess_in", session).output()).contains("Reused, TLSv1.3");
    }

    /** With a request, because a TLS 1.3 server sends its tickets with the first answer. */
    private Command.Result handshake(String option, Path session) {
      String request = "GET / HTTP/1.1\r\nHost: www.example.com\r\nConnection: close\r\n\r\n";
      return site.sClient(
              proxy, "-servername", Site.WWW, "-ign_eof", "-tls1_3", option, session.toString())
          .input(out -> out.write(request.getBytes(java.nio.charset.StandardCharsets.US_ASCII)))
          .run();
    }
  }

  @Nested
  class WhenListenersChange {
    @Test
    void newOneIsBoundAndRemovedOneIsClosed() throws IOException {
      RawClient.connect(proxy.port("http")).close();
      proxy.configure(
          config.replace(
              "http { address = \"127.0.0.1:{{http}}\"",
              "other { address = \"127.0.0.1:{{other}}\""));
      proxy.reload();
      try (RawClient client = RawClient.connect(proxy.port("other"))) {
        exchange(client, "/", 200);
      }
      Patience.until(
          "the removed listener refuses",
          () -> {
            try {
              RawClient.connect(proxy.port("http")).close();
              return false;
            } catch (java.net.ConnectException refused) {
              return true;
            }
          });
    }

    @Test
    void addressInUseChangesNothing() throws IOException {
      try (EchoOrigin occupant = EchoOrigin.start()) {
        proxy.configure(
            config
                + "lockgate.listeners.more { tls = off, address = \"127.0.0.1:"
                + occupant.port()
                + "\" }\n");
        assertThat(proxy.reload()).contains("" + occupant.port());
      }
      assertThat(proxy.generation()).isEqualTo(1);
      try (RawClient client = site.connect(proxy)) {
        exchange(client, "/", 200);
      }
    }
  }

  @Nested
  class WhenTheConfigurationIsWrong {
    @Test
    void nothingChangesAndTheErrorIsLoggedKeptAndCounted() throws IOException {
      try (RawClient client = site.connect(proxy)) {
        exchange(client, "/", 200);
        proxy.configure(config.replace("upstream = app", "upstream = ap"));
        String reloads = proxy.reload();
        Json.parse(reloads);
        assertThat(reloads).contains("unknown-upstream").containsIgnoringCase("rejected");
        exchange(client, "/", 200);
      }
      assertThat(proxy.generation()).isEqualTo(1);
      assertThat(proxy.metric("lockgate_config_reloads_total", "result=\"rejected\"")).isOne();
      assertThat(proxy.metric("lockgate_config_last_reload_successful")).isZero();
      assertThat(proxy.errors()).contains("unknown-upstream");
    }

    @Test
    void commandAndAdminEndpointSayWhatIsWrong() throws IOException {
      proxy.configure(config.replace("upstream = app", "upstream = ap"));
      Command.Result reload = lockgateReload().run();
      assertThat(reload.exit()).as(reload.toString()).isEqualTo(78);
      assertThat(reload.all()).contains("unknown-upstream");
      String answer = proxy.admin().post("/reload").expect(422).text();
      assertThat(Json.object(answer)).containsKey("errors");
    }

    @Test
    void itRecoversWithTheNextGoodOne() throws IOException {
      proxy.configure("lockgate { ");
      proxy.reload();
      proxy.configure(config + "lockgate.http.idle-timeout = 70s\n");
      proxy.reload();
      assertThat(proxy.generation()).isEqualTo(2);
      assertThat(proxy.metric("lockgate_config_last_reload_successful")).isOne();
    }

    @ParameterizedTest
    @ValueSource(strings = {"www.pem", "www.key"})
    void rubbishInTheFileOfACertificateLeavesTheOldOneServing(String file) throws IOException {
      X509Certificate before;
      try (RawClient client = site.connect(proxy)) {
        before = certificateOf(client);
      }
      java.nio.file.Files.writeString(directory.resolve(file), "rubbish");
      assertThat(proxy.reload()).as("names the file").contains(file);
      try (RawClient client = site.connect(proxy)) {
        assertThat(certificateOf(client)).isEqualTo(before);
      }
    }

    @Test
    void keyThatDoesNotMatchLeavesTheOldCertificateServing() throws IOException {
      X509Certificate before;
      try (RawClient client = site.connect(proxy)) {
        before = certificateOf(client);
      }
      java.nio.file.Files.writeString(
          directory.resolve("www.pem"), site.ca().issue(Site.WWW).chainPem());
      assertThat(proxy.reload()).containsIgnoringCase("key");
      try (RawClient client = site.connect(proxy)) {
        assertThat(certificateOf(client)).isEqualTo(before);
      }
    }
  }

  @Test
  void reloadByCommandAndByPostAnswerWhenItIsDone() throws IOException {
    site.renewCertificate();
    lockgateReload().run().expectSuccess();
    assertThat(proxy.generation()).isEqualTo(2);
    proxy.configure(config + "lockgate.http.idle-timeout = 70s\n");
    String answer = proxy.admin().post("/reload").expect(200).text();
    assertThat(Json.object(answer)).containsEntry("generation", 3.0).containsKey("changes");
  }

  @Test
  void reloadWithoutAChangeIsNoNewGeneration() {
    assertThat(proxy.reload()).containsIgnoringCase("unchanged");
    assertThat(proxy.generation()).isEqualTo(1);
  }

  @Test
  void hostThatGoesAwayIsRefusedToNewClients() throws IOException {
    proxy.configure(
        Site.LISTENERS
            + "lockgate.hosts.\"api.example.com\".routes ="
            + " [ { path = \"/\", respond { status = 200, body = \"api\" } } ]\n");
    proxy.reload();
    assertThatThrownBy(() -> site.connect(proxy)).isInstanceOf(IOException.class);
    site.client(Site.API).connect(proxy.port("https")).close();
  }

  private Command lockgateReload() {
    return Distribution.find().command("reload", "--admin", "127.0.0.1:" + proxy.port("admin"));
  }
}
