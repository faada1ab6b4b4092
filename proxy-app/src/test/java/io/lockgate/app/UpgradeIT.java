package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.AdminClient;
import io.lockgate.testkit.Command;
import io.lockgate.testkit.EchoOrigin;
import io.lockgate.testkit.Json;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.Patience;
import io.lockgate.testkit.RawClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One process hands over to the next, and no client is any the wiser. */
class UpgradeIT {
  private static final int UPGRADES = 10;

  @TempDir Path directory;
  private Site site;
  private EchoOrigin origin;
  private GrpcLoad.Origin calls;
  private LockgateProcess first;
  private long serving;

  @BeforeEach
  void start() throws IOException {
    site = Site.in(directory);
    origin = EchoOrigin.start();
    calls = GrpcLoad.Origin.start();
    first = site.start(config());
    serving = first.pid();
  }

  /** Those that took over are nobody's children here; their log is that of the first. */
  @AfterEach
  void stop() throws IOException {
    ProcessHandle.of(serving)
        .filter(last -> last.pid() != first.pid())
        .ifPresent(
            last -> {
              last.destroy();
              Patience.until("the last process ends", () -> !last.isAlive());
            });
    if (serving != first.pid()) {
      awaitEnd(first.pid()); // It ends by itself, so it must not be ended at that very moment.
    }
    first.close();
    origin.close();
    calls.close();
  }

  /** One host for requests, and one for calls over HTTP/2. */
  private String config() {
    return Site.forwardingTo(origin.address())
        + """
        lockgate {
          upstreams { calls { servers = ["127.0.0.1:%d"], protocol = h2 } }
          hosts { "api.example.com" { routes = [ { path = "/", upstream = calls } ] } }
        }
        """
            .formatted(calls.port());
  }

  private long upgrade() {
    String answer = first.admin().post("/upgrade").expect(200).text();
    long before = serving;
    serving = ((Number) Json.object(answer).get("pid")).longValue();
    assertThat(serving).isNotEqualTo(before);
    return before;
  }

  private static void awaitEnd(long pid) {
    Patience.until(
        "process " + pid + " ends",
        () -> ProcessHandle.of(pid).map(process -> !process.isAlive()).orElse(true));
  }

  /**
   * Ten starts of a process take their time; fewer would not show a loss that is rare. HTTP/2 is
   * tried by a client that sends again, elsewhere, what a GOAWAY says was not looked at: h2load
   * does not. Requests are under way all the time, but leave the processor to what starts.
   */
  @Test
  void tenUpgradesUnderLoadFailNoConnectAndNoRequest() throws Exception {
    AtomicBoolean enough = new AtomicBoolean();
    CompletableFuture<List<H2Load.Outcome>> http1 =
        CompletableFuture.supplyAsync(
            () -> {
              List<H2Load.Outcome> runs = new ArrayList<>();
              while (!enough.get()) {
                runs.add(
                    H2Load.of(first.port("https"), "/", 4).http1().yielding().requests(1000).run());
              }
              return runs;
            });
    try (GrpcLoad http2 = GrpcLoad.start(first.port("https"), site.root())) {
      for (int i = 0; i < UPGRADES; i++) {
        awaitEnd(upgrade());
      }
      assertThat(http2.stop()).isEmpty();
      assertThat(http2.answered()).isGreaterThan(UPGRADES);
    } finally {
      enough.set(true);
    }
    assertThat(http1.join())
        .isNotEmpty()
        .allSatisfy(
            run -> {
              assertThat(run.failed()).as(run.report()).isZero();
              assertThat(run.good()).as(run.report()).isEqualTo(1000);
            });
  }

  @Test
  void sessionsAreResumedByTheNextProcess() {
    Path session = directory.resolve("session");
    handshake("-sess_out", session);
    upgrade();
    assertThat(handshake("-sess_in", session).output()).contains("Reused, TLSv1.3");
  }

  @Test
  void aRequestInHandIsFinishedByTheProcessThatTookIt() throws IOException {
    try (RawClient client = site.connect(first)) {
      client.send(Site.get("/hold"));
      Patience.until("the origin holds the request", () -> origin.holding() == 1);
      long before = upgrade();
      try (RawClient other = site.connect(first)) {
        assertThat(other.send(Site.get("/")).readResponse().status()).isEqualTo(200);
      }
      assertThat(ProcessHandle.of(before).map(ProcessHandle::isAlive)).contains(true);
      origin.release();
      assertThat(client.readResponse().status()).isEqualTo(200);
      awaitEnd(before);
    }
  }

  @Test
  void aWrongConfigurationLeavesTheOldProcessAsItWas() throws IOException {
    String before = config();
    first.configure(before + "\nlockgate.hosts.\"www.example.com\".no-such-key = 1\n");
    AdminClient.Answer answer = first.admin().post("/upgrade").expect(409);
    assertThat(answer.text()).contains("no-such-key").contains("goes on serving");
    assertThat(first.alive()).isTrue();
    first.configure(before);
    first.reload();
    try (RawClient client = site.connect(first)) {
      assertThat(client.send(Site.get("/")).readResponse().status()).isEqualTo(200);
    }
  }

  @Test
  void theNextProcessMovesTheAdminEndpointToWhereTheConfigurationHasIt() throws IOException {
    first.configure(config() + "lockgate.admin.address = \"127.0.0.1:{{moved}}\"\n");
    assertThat(first.reload()).contains("admin changed; takes effect with the next start");
    upgrade();
    new AdminClient(first.port("moved")).get("/livez").expect(200);
  }

  /** With a request, because a TLS 1.3 server sends its tickets with the first answer. */
  private Command.Result handshake(String option, Path session) {
    String request = "GET / HTTP/1.1\r\nHost: www.example.com\r\nConnection: close\r\n\r\n";
    return site.sClient(
            first, "-servername", Site.WWW, "-ign_eof", "-tls1_3", option, session.toString())
        .input(out -> out.write(request.getBytes(StandardCharsets.US_ASCII)))
        .atMost(Duration.ofSeconds(25))
        .run();
  }
}
