package io.lockgate.bench;

import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * How much longer the slowest request takes while the distribution reloads very many hosts: clients
 * that ask at a fixed rate, in turns with and without reloads of which each brings a new
 * certificate. A request counts from when it was due, so that one that is stuck does not hide those
 * behind it. A program: {@code main DIRECTORY COUNT [TURNS]}.
 */
public final class ReloadStallMeasurement {
  private static final int CONNECTIONS = 8;
  private static final Duration BETWEEN = Duration.ofMillis(10);
  private static final Duration TURN = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final String ROUTE =
      """
      lockgate {
        listeners { http { address = "127.0.0.1:{{http}}", tls = off } }
        access-log { format = off }
        hosts { "pong.example" { listeners = [http], routes = [ { path = "/", respond { status = 200, body = "pong" } } ] } }
      }
      """;

  private final ManyHosts hosts;
  private final LockgateProcess proxy;
  private final int count;
  private int renewed;

  private ReloadStallMeasurement(ManyHosts hosts, LockgateProcess proxy, int count) {
    this.hosts = hosts;
    this.proxy = proxy;
    this.count = count;
  }

  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]).toAbsolutePath();
    int count = Integer.parseInt(arguments[1]);
    int turns = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 4;
    Files.createDirectories(directory);
    ManyHosts hosts = new ManyHosts(directory, count).provide();
    try (LockgateProcess proxy =
        LockgateProcess.in(directory)
            .config(hosts.configuration(ManyHosts.Shape.BLOCKS) + ROUTE)
            .options(System.getProperty("lockgate.bench.options", ""))
            .start(Duration.ofMinutes(5))) {
      ReloadStallMeasurement measurement = new ReloadStallMeasurement(hosts, proxy, count);
      measurement.turn(true); // warms both up
      for (int i = 0; i < turns; i++) {
        report("without reloads", measurement.turn(false), 0);
        int before = measurement.renewed;
        Histogram reloading = measurement.turn(true);
        report("with reloads", reloading, measurement.renewed - before);
      }
    }
  }

  /** Latencies of one turn, in microseconds. */
  private Histogram turn(boolean reloading) throws Exception {
    long end = System.nanoTime() + TURN.toNanos();
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      clients.add(new Client(proxy.port("http"), end));
    }
    clients.forEach(Thread::start);
    while (reloading && System.nanoTime() < end) {
      hosts.renew(renewed++ % count);
      proxy.admin().post("/reload").expect(200);
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    Histogram all = new Histogram(3);
    for (Client client : clients) {
      client.join();
      all.add(client.latencies());
    }
    return all;
  }

  private static void report(String title, Histogram latencies, int reloads) {
    System.out.printf(
        Locale.ROOT,
        "%s (%d): %d requests, median %.2f ms, p99.9 %.1f ms, longest %.1f ms%n",
        title,
        reloads,
        latencies.getTotalCount(),
        latencies.getValueAtPercentile(50) / 1e3,
        latencies.getValueAtPercentile(99.9) / 1e3,
        latencies.getMaxValue() / 1e3);
  }

  /** Asks at a fixed rate over one connection. */
  private static final class Client extends Thread {
    private final int port;
    private final long end;
    private final Histogram latencies = new Histogram(3);
    private Exception failure;

    Client(int port, long end) {
      this.port = port;
      this.end = end;
    }

    @Override
    public void run() {
      try (RawClient client = RawClient.connect(port)) {
        for (long due = System.nanoTime(); due < end; due += BETWEEN.toNanos()) {
          while (due > System.nanoTime()) {
            LockSupport.parkNanos(due - System.nanoTime());
          }
          client.send("GET / HTTP/1.1\r\nHost: pong.example\r\n\r\n").readResponse();
          latencies.recordValue((System.nanoTime() - due) / 1_000);
        }
      } catch (IOException e) {
        failure = e;
      }
    }

    Histogram latencies() throws Exception {
      if (failure != null) {
        throw failure;
      }
      return latencies;
    }
  }
}
