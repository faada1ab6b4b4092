package io.lockgate.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.ByteOrigin;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.Patience;
import io.lockgate.testkit.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Forwarded connections whose host goes, or whose proxy does: they may go on, but not for ever. */
class RelayDrainIT {
  private static final String PASSED = "passed.example";
  private static final byte[] HELLO = ClientHelloBytes.of(PASSED);

  @TempDir Path directory;
  private Site site;
  private ByteOrigin echo;
  private LockgateProcess proxy;
  private RawClient ended;
  private RawClient passed;

  @BeforeEach
  void start() throws IOException {
    site = Site.in(directory);
    echo = ByteOrigin.echoing();
  }

  @AfterEach
  void stop() throws IOException {
    ended.close();
    passed.close();
    proxy.close();
    echo.close();
  }

  private String config(String drainTimeout, String more) {
    return Site.LISTENERS
        + """
        lockgate {
          shutdown { drain-timeout = %s }
          upstreams { echo { servers = ["%s"] } }
          hosts {
            "stays.example" { mode = passthrough, upstream = echo }
            %s
          }
        }
        """
            .formatted(drainTimeout, echo.address(), more);
  }

  /** A connection of each mode, over which something has passed. */
  private void forward(String drainTimeout) throws IOException {
    proxy =
        site.start(
            config(
                drainTimeout,
                "\"www.example.com\" { mode = tcp, upstream = echo }\n\""
                    + PASSED
                    + "\" { mode = passthrough, upstream = echo }"));
    ended = site.connect(proxy);
    passed = RawClient.connect(proxy.port("https"));
    comesBack(ended, "before".getBytes(ISO_8859_1));
    comesBack(passed, HELLO);
  }

  private static void comesBack(RawClient client, byte[] sent) throws IOException {
    assertThat(client.send(sent).readExactly(sent.length)).isEqualTo(sent);
  }

  private void removeTheHosts(String drainTimeout) throws IOException {
    proxy.configure(config(drainTimeout, ""));
    proxy.reload();
  }

  private void awaitDrained(String mode) {
    Patience.until(
        "a connection of the mode " + mode + " was cut off by the drain",
        () ->
            proxy
                    .metricIfPresent(
                        "lockgate_relays_total", "mode=\"" + mode + "\"", "result=\"drained\"")
                    .orElse(0)
                == 1);
  }

  @Test
  void thoseOfARemovedHostGoOn() throws IOException {
    forward("10m");
    removeTheHosts("10m");
    try (RawClient late = RawClient.connect(proxy.port("https"))) {
      late.send(HELLO);
      assertThat(late.readExactly(1))
          .as("an alert record, nothing of the server")
          .containsExactly(21);
    }
    comesBack(ended, "after".getBytes(ISO_8859_1));
    comesBack(passed, "after".getBytes(ISO_8859_1));
  }

  @Test
  void thoseOfARemovedHostEndWithTheTimeToDrainAndAreCounted() throws IOException {
    forward("300ms");
    removeTheHosts("300ms");
    passed.readUntilClosed();
    ended.readUntilClosed();
    awaitDrained("passthrough");
    awaitDrained("tcp");
    assertThat(proxy.alive()).isTrue();
  }

  @Test
  void aProxyThatStopsWaitsForThem() throws IOException {
    forward("10m");
    proxy.terminate();
    Patience.until("nothing new is accepted", this::refuses);
    comesBack(ended, "after".getBytes(ISO_8859_1));
    comesBack(passed, "after".getBytes(ISO_8859_1));
    ended.close();
    passed.close();
    assertThat(proxy.awaitExit()).isZero();
  }

  private boolean refuses() {
    try {
      RawClient.connect(proxy.port("https")).close();
      return false;
    } catch (IOException refused) {
      return true;
    }
  }

  @Test
  void aProxyThatStopsCutsThemOffWhenItsTimeIsOver() throws IOException {
    forward("300ms");
    proxy.terminate();
    passed.readUntilClosed();
    ended.readUntilClosed();
    assertThat(proxy.awaitExit()).isZero();
  }
}
