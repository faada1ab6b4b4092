package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.Bulk;
import io.lockgate.testkit.Command;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.NginxOrigin;
import io.lockgate.testkit.Patience;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three servers that are killed, stopped and started again while h2load and curl ask for more: no
 * fault costs more requests than were under way, and no byte is ever wrong.
 */
class ChaosIT {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final int CLIENTS = 4;
  private static final int STREAMS = 4;
  private static final int BIG = 3_000_000;
  private static final String CONFIG =
      """
      lockgate {
        upstreams {
          app {
            servers = ["%s", "%s", "%s"], connect-timeout = 1s, max-wait = 10s
            health { path = "/small", interval = 200ms, timeout = 1s, unhealthy-after = 2 }
            ejection { consecutive-failures = 5, for = 1s }
            retry { attempts = 3, budget = 100%%, per-try-timeout = 1s }
          }
        }
        hosts { "www.example.com" { routes = [ { path = "/", upstream = app } ] } }
      }
      """;

  @TempDir Path directory;
  private final List<NginxOrigin> origins = new ArrayList<>();
  private final AtomicBoolean enough = new AtomicBoolean();
  private final AtomicLong asked = new AtomicLong();
  private final AtomicLong notAnswered = new AtomicLong();
  private final AtomicLong downloads = new AtomicLong();
  private final AtomicLong brokenDownloads = new AtomicLong();
  private Site site;
  private LockgateProcess proxy;

  @AfterEach
  void stop() {
    enough.set(true);
    if (proxy != null) {
      proxy.close();
    }
    origins.forEach(NginxOrigin::close);
  }

  private void start() throws IOException {
    site = Site.in(directory);
    for (int i = 0; i < 3; i++) {
      NginxOrigin origin = NginxOrigin.start(directory.resolve("nginx" + i));
      try (OutputStream file = Files.newOutputStream(origin.root().resolve("big"))) {
        Bulk.write(file, BIG);
      }
      origins.add(origin);
    }
    proxy =
        site.start(
            Site.LISTENERS
                + CONFIG.formatted(
                    origins.get(0).address(), origins.get(1).address(), origins.get(2).address()));
  }

  @Test
  void faultsOfServersCostNoMoreThanWhatWasUnderWay() throws IOException {
    start();
    load(200);
    download();
    long descriptors = restingDescriptors();
    CompletableFuture<Void> loading = CompletableFuture.runAsync(this::loadOnAndOn);
    CompletableFuture<Void> downloading = CompletableFuture.runAsync(this::downloadOnAndOn);
    int faults = 0;
    for (int round = 0; round < 2; round++) {
      for (NginxOrigin origin : origins) {
        faults += round == 0 ? killAndRestart(origin) : stopAndContinue(origin);
      }
    }
    enough.set(true);
    loading.join();
    downloading.join();
    assertThat(asked.get()).as("the load went on all the time").isGreaterThan(1000);
    assertThat(downloads.get()).isPositive();
    assertThat(notAnswered.get())
        .as("requests lost, of those under way at %d faults", faults)
        .isLessThanOrEqualTo((long) faults * CLIENTS * STREAMS);
    assertThat(brokenDownloads.get()).isLessThanOrEqualTo(faults);
    Patience.until(
        "descriptors are as many as before",
        LONG,
        () -> proxy.metric("process_open_fds"),
        now -> now <= descriptors + 16);
    assertThat(proxy.metric("lockgate_upstream_connections", "state=\"waiting\"")).isZero();
  }

  private long restingDescriptors() {
    return (long) proxy.metric("process_open_fds");
  }

  private int killAndRestart(NginxOrigin origin) {
    origin.kill();
    await(origin, "unhealthy");
    origin.run();
    await(origin, "ready");
    return 1;
  }

  private int stopAndContinue(NginxOrigin origin) {
    origin.signal("STOP");
    await(origin, "unhealthy");
    origin.signal("CONT");
    await(origin, "ready");
    return 1;
  }

  private void await(NginxOrigin origin, String state) {
    Patience.until(
        origin.address() + " is " + state,
        LONG,
        () -> {
          String all = proxy.admin("/upstreams").replace(" ", "");
          int at = all.indexOf("\"address\":\"" + origin.address() + "\"");
          return all.substring(at, all.indexOf('}', at));
        },
        server -> server.contains("\"state\":\"" + state + "\""));
  }

  private void loadOnAndOn() {
    while (!enough.get()) {
      load(500);
    }
  }

  private void load(int requests) {
    H2Load.Outcome outcome =
        H2Load.of(proxy.port("https"), "/small", CLIENTS)
            .yielding()
            .requests(requests)
            .http2(STREAMS)
            .run();
    asked.addAndGet(outcome.total());
    notAnswered.addAndGet(outcome.total() - outcome.good());
  }

  private void downloadOnAndOn() {
    while (!enough.get()) {
      download();
    }
  }

  /** What arrives whole has to be right; what breaks off has to be told as broken. */
  private void download() {
    Path file = directory.resolve("download");
    Command.Result result =
        site.curl(
                proxy,
                "-f",
                "--max-time",
                "60",
                "-o",
                file.toString(),
                "https://www.example.com/big")
            .atMost(LONG)
            .run();
    if (result.exit() != 0) {
      brokenDownloads.incrementAndGet();
      return;
    }
    try (var in = Files.newInputStream(file)) {
      assertThat(Bulk.read(in)).isEqualTo(Bulk.Seen.of(BIG));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    downloads.incrementAndGet();
  }
}
