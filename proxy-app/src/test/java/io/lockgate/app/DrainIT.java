package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockgate.testkit.Bulk;
import io.lockgate.testkit.Command;
import io.lockgate.testkit.EchoOrigin;
import io.lockgate.testkit.H2Client;
import io.lockgate.testkit.HttpMessage;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.Patience;
import io.lockgate.testkit.RawClient;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TERM: what is in hand is finished, nothing new is begun, and the end comes in any case. */
class DrainIT {
  @TempDir Path directory;
  private Site site;
  private EchoOrigin origin;

  @BeforeEach
  void start() throws IOException {
    site = Site.in(directory);
    origin = EchoOrigin.start();
  }

  @AfterEach
  void stop() throws IOException {
    origin.close();
  }

  private LockgateProcess start(String drainTimeout) throws IOException {
    return site.start(
        Site.forwardingTo(origin.address())
            + "lockgate.shutdown { drain-timeout = "
            + drainTimeout
            + " }\n");
  }

  private void awaitHeld(int requests) {
    Patience.until("the origin holds " + requests, () -> origin.holding() == requests);
  }

  private static void awaitRefusal(LockgateProcess proxy) {
    Patience.until(
        "new connections are refused",
        () -> {
          try {
            RawClient.connect(proxy.port("https")).close();
            return false;
          } catch (ConnectException refused) {
            return true;
          }
        });
  }

  @Test
  void requestInHandIsAnsweredWithConnectionCloseAndIdleConnectionsEnd() throws IOException {
    try (LockgateProcess proxy = start("30s");
        RawClient busy = site.connect(proxy);
        RawClient idle = site.connect(proxy)) {
      idle.send(Site.get("/")).readResponse();
      busy.send(Site.get("/hold"));
      awaitHeld(1);
      proxy.terminate();
      idle.expectClosed();
      awaitRefusal(proxy);
      assertThat(proxy.alive()).as("a request is still in hand").isTrue();
      origin.release();
      HttpMessage answer = busy.readResponse();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.connectionHas("close")).isTrue();
      busy.expectClosed();
      assertThat(proxy.awaitExit()).isZero();
    }
  }

  @Test
  void http2ConnectionIsToldToGoAndItsStreamsAreFinished() throws IOException {
    try (LockgateProcess proxy = start("30s");
        H2Client client = H2Client.connect(site.client(Site.WWW), proxy.port("https"))) {
      int stream = client.get(Site.WWW, "/hold");
      awaitHeld(1);
      proxy.terminate();
      assertThat(client.awaitGoAway().errorCode()).isZero();
      origin.release();
      assertThat(client.await(stream).status()).isEqualTo(200);
      client.awaitClose();
      assertThat(proxy.awaitExit()).isZero();
    }
  }

  @Test
  void longDownloadIsFinished() throws IOException {
    try (LockgateProcess proxy = start("60s");
        Command.Running download =
            site.curl(
                    proxy,
                    "--limit-rate",
                    "40M",
                    "-o",
                    directory.resolve("got").toString(),
                    "-w",
                    "%{size_download}",
                    "https://www.example.com/bytes/" + (100L << 20))
                .start()) {
      Path got = directory.resolve("got");
      Patience.until(
          "the download is under way",
          () -> java.nio.file.Files.exists(got) && java.nio.file.Files.size(got) > 0);
      proxy.terminate();
      awaitRefusal(proxy);
      assertThat(download.alive()).as("in the middle of the download").isTrue();
      assertThat(download.result().expectSuccess().output()).isEqualTo("" + (100L << 20));
      try (java.io.InputStream in = java.nio.file.Files.newInputStream(got)) {
        assertThat(Bulk.read(in)).isEqualTo(Bulk.Seen.of(100L << 20));
      }
      assertThat(proxy.awaitExit()).isZero();
    }
  }

  @Test
  void whatDoesNotEndIsCutOffAtTheTimeout() throws IOException {
    try (LockgateProcess proxy = start("500ms");
        RawClient client = site.connect(proxy)) {
      client.send(Site.get("/hold"));
      awaitHeld(1);
      proxy.terminate();
      client.readUntilClosed();
      assertThat(proxy.awaitExit()).isZero();
    }
  }

  @Test
  void secondSignalEndsAtOnce() throws IOException {
    try (LockgateProcess proxy = start("1h");
        RawClient client = site.connect(proxy)) {
      client.send(Site.get("/hold"));
      awaitHeld(1);
      proxy.terminate();
      awaitRefusal(proxy);
      proxy.terminate();
      int exit = proxy.awaitExit();
      assertThat(exit).as("ended by the signal, not by an hour's patience").isIn(0, 130, 143);
      proxy.expectExit(exit);
    }
  }

  @Test
  void interruptDrainsToo() throws IOException {
    try (LockgateProcess proxy = start("30s")) {
      proxy.signal("INT");
      assertThat(proxy.awaitExit()).isZero();
    }
  }

  @Test
  void readinessIsGoneWhileLivenessRemains() throws IOException {
    try (LockgateProcess proxy = start("30s");
        RawClient client = site.connect(proxy)) {
      client.send(Site.get("/hold"));
      awaitHeld(1);
      proxy.admin().post("/drain");
      Patience.until("not ready any more", () -> proxy.admin().get("/readyz").status() == 503);
      assertThat(proxy.admin().get("/readyz").text()).contains("draining");
      proxy.admin().get("/livez").expect(200);
      origin.release();
      assertThat(client.readResponse().status()).isEqualTo(200);
      assertThatThrownBy(() -> site.connect(proxy)).isInstanceOf(IOException.class);
      assertThat(proxy.awaitExit()).isZero();
    }
  }
}
