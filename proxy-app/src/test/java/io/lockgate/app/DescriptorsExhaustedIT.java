package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.Command;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.Patience;
import io.lockgate.testkit.RawClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that may open no further file while clients come. */
class DescriptorsExhaustedIT {
  private static final String CONFIG =
      Site.LISTENERS
          + """
          lockgate {
            runtime { event-loops = 1 }
            hosts { "www.example.com" { routes = [ { path = "/", respond { status = 200 } } ] } }
          }
          """;

  @TempDir Path directory;

  /**
   * A loop that asked the system without a pause would have asked many thousand times. With one
   * loop there is one acceptor, and no second passes without the time that it takes.
   */
  @Test
  void clientsWaitQuietlyWhileOthersAreServedAndAreAcceptedLater() throws IOException {
    Site site = Site.in(directory);
    List<Socket> waiting = new ArrayList<>();
    try (LockgateProcess proxy = site.start(CONFIG);
        RawClient good = site.connect(proxy)) {
      proxy.metric("lockgate_config_generation"); // What this takes is open from now on.
      String before = limit(proxy, "SOFT");
      limit(proxy, "--nofile=" + open(proxy) + ":");
      long from = System.nanoTime();
      for (int i = 0; i < 50; i++) {
        waiting.add(new Socket(InetAddress.getLoopbackAddress(), proxy.port("https")));
      }
      Patience.until(
          "it is told that connections cannot be accepted",
          () -> proxy.errors().contains("https: connections wait and cannot be accepted"));
      assertThat(good.send(Site.get("/")).readResponse().status()).isEqualTo(200);

      limit(proxy, "--nofile=" + before + ":");
      try (RawClient next = site.connect(proxy)) {
        assertThat(next.send(Site.get("/")).readResponse().status()).isEqualTo(200);
      }
      long seconds = Duration.ofNanos(System.nanoTime() - from).toSeconds();
      assertThat(proxy.metric("lockgate_connections_refused_total", "reason=\"accept_failed\""))
          .isBetween(1.0, seconds + 2.0);
    } finally {
      for (Socket each : waiting) {
        each.close();
      }
    }
  }

  private static long open(LockgateProcess proxy) throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc", Long.toString(proxy.pid()), "fd"))) {
      return all.count();
    }
  }

  private static String limit(LockgateProcess proxy, String what) {
    String pid = Long.toString(proxy.pid());
    Command command =
        what.startsWith("--")
            ? Command.of("prlimit", "--pid", pid, what)
            : Command.of("prlimit", "--pid", pid, "--nofile", "-o", what, "--noheadings");
    return command.run().expectSuccess().output().strip();
  }
}
