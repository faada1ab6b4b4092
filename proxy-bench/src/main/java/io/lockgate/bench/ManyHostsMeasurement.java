package io.lockgate.bench;

import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Starts the distribution with many hosts and reloads it, and prints what that costs: the time by
 * the clock, the processor time of the whole process, its memory, and how long requests had to wait
 * meanwhile. A program: {@code main DIRECTORY COUNT [ROUNDS]}.
 */
public final class ManyHostsMeasurement {
  private static final Pattern READY = Pattern.compile("ready in (\\d+) ms");
  private static final long NANOS_A_TICK = 10_000_000;

  private final ManyHosts hosts;
  private final Path directory;

  private ManyHostsMeasurement(ManyHosts hosts, Path directory) {
    this.hosts = hosts;
    this.directory = directory;
  }

  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]).toAbsolutePath();
    int count = Integer.parseInt(arguments[1]);
    int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 3;
    Files.createDirectories(directory);
    ManyHosts hosts = new ManyHosts(directory, count).provide();
    for (int round = 0; round < rounds; round++) {
      for (ManyHosts.Shape shape : ManyHosts.Shape.values()) {
        new ManyHostsMeasurement(hosts, directory).measure(shape, count);
      }
    }
  }

  private void measure(ManyHosts.Shape shape, int count) throws Exception {
    String title = count + " " + shape.label();
    try (LockgateProcess proxy =
        LockgateProcess.in(directory)
            .config(hosts.configuration(shape) + LISTENERS)
            .options(System.getProperty("lockgate.bench.options", ""))
            .start(Duration.ofMinutes(5))) {
      Matcher ready = READY.matcher(proxy.readyLine());
      long millis = ready.find() ? Long.parseLong(ready.group(1)) : -1;
      print("%s: start %d ms, CPU %d ms", title, millis, cpu(proxy).toMillis());
      print("%s: resident %d MiB", title, proxy.memory("VmRSS") >> 20);
      reload(proxy, title + ": reload, nothing changed");
      for (int i = 0; i < 3; i++) {
        hosts.renew(count / 2 + i);
        reload(proxy, title + ": reload, one certificate changed");
      }
      print("%s: resident %d MiB after reloads", title, proxy.memory("VmRSS") >> 20);
    }
  }

  private static final String LISTENERS =
      """
      lockgate {
        listeners {
          https { address = "127.0.0.1:{{https}}" }
          http { address = "127.0.0.1:{{http}}", tls = off }
        }
        access-log { format = off }
      }
      """;

  private static void reload(LockgateProcess proxy, String title) throws Exception {
    try (Requests requests = new Requests(proxy.port("http"))) {
      Duration cpuBefore = cpu(proxy);
      long start = System.nanoTime();
      String answer = proxy.admin().post("/reload").expect(200).text();
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      Duration used = cpu(proxy).minus(cpuBefore);
      print(
          "%s: %d ms, CPU %d ms, longest request %d ms (%s)",
          title,
          took.toMillis(),
          used.toMillis(),
          requests.longest().toMillis(),
          answer.lines().findFirst().map(l -> l.substring(0, Math.min(90, l.length()))).orElse(""));
    }
  }

  /** User and system time of the process so far, in the ticks of the system. */
  private static Duration cpu(LockgateProcess proxy) throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(proxy.pid()), "stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    return Duration.ofNanos(ticks * NANOS_A_TICK);
  }

  private static void print(String format, Object... values) {
    System.out.printf(Locale.ROOT, format + "%n", values);
  }

  /** One request after the other on one connection, until closed. */
  private static final class Requests implements AutoCloseable {
    private final RawClient client;
    private final AtomicBoolean done = new AtomicBoolean();
    private final Thread thread = new Thread(this::run);
    private volatile long longestNanos;

    Requests(int port) throws IOException {
      client = RawClient.connect(port);
      thread.start();
    }

    Duration longest() throws InterruptedException {
      done.set(true);
      thread.join();
      return Duration.ofNanos(longestNanos);
    }

    private void run() {
      try {
        while (!done.get()) {
          long start = System.nanoTime();
          client.send("GET / HTTP/1.1\r\nHost: nowhere.example\r\n\r\n").readResponse();
          longestNanos = Math.max(longestNanos, System.nanoTime() - start);
          // A probe, not a load: the reload shall have the processor.
          Thread.sleep(1);
        }
      } catch (IOException | InterruptedException e) {
        longestNanos = Long.MAX_VALUE;
      }
    }

    @Override
    public void close() {
      done.set(true);
      try {
        thread.join();
        client.close();
      } catch (IOException e) {
        print("the probe's connection failed: %s", e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
