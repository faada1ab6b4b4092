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
            hosts { "www.example.com" { routes = [ { path = "/", respond { status = 200 } } ] } }
          }
          """;

  @TempDir Path directory;

  /** A loop that asks the system in vain without a pause would never let the processor rest. */
  @Test
  void clientsWaitQuietlyWhileOthersAreServedAndAreAcceptedLater() throws IOException {
    Site site = Site.in(directory);
    List<Socket> waiting = new ArrayList<>();
    try (LockgateProcess proxy = site.start(CONFIG);
        RawClient good = site.connect(proxy)) {
      proxy.metric("lockgate_config_generation"); // What this takes is open from now on.
      String before = limit(proxy, "SOFT");
      limit(proxy, "--nofile=" + open(proxy) + ":");
      for (int i = 0; i < 50; i++) {
        waiting.add(new Socket(InetAddress.getLoopbackAddress(), proxy.port("https")));
      }
      Patience.until(
          "it is told that connections cannot be accepted",
          () -> proxy.errors().contains("https: connections wait and cannot be accepted"));
      Patience.until(
          "the processor rests",
          Duration.ofSeconds(60),
          () -> processorShare(proxy),
          share -> share < 0.3);
      assertThat(good.send(Site.get("/")).readResponse().status()).isEqualTo(200);

      limit(proxy, "--nofile=" + before + ":");
      try (RawClient next = site.connect(proxy)) {
        assertThat(next.send(Site.get("/")).readResponse().status()).isEqualTo(200);
      }
      assertThat(proxy.metric("lockgate_connections_refused_total", "reason=\"accept_failed\""))
          .isPositive();
    } finally {
      for (Socket each : waiting) {
        each.close();
      }
    }
  }

  /** Of one processor, over half a second. */
  private static double processorShare(LockgateProcess proxy) throws InterruptedException {
    ProcessHandle process = ProcessHandle.of(proxy.pid()).orElseThrow();
    Duration before = process.info().totalCpuDuration().orElseThrow();
    long from = System.nanoTime();
    Thread.sleep(500);
    Duration after = process.info().totalCpuDuration().orElseThrow();
    return (double) after.minus(before).toNanos() / (System.nanoTime() - from);
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
