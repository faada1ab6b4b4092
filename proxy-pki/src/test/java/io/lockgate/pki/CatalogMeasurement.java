package io.lockgate.pki;

import io.lockgate.config.model.ProxyConfig;
import io.lockgate.testkit.TestCa;
import io.lockgate.testkit.TestIdentity;
import io.lockgate.testkit.TestKey;
import io.lockgate.testkit.TestPem;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/**
 * Measures how long a directory of many certificates takes to load, and what an identity keeps on
 * the heap. A program, not a test: {@code main DIRECTORY [COUNT]} first makes the pairs where the
 * directory does not exist, so that a second run measures a fresh process that has only read.
 */
final class CatalogMeasurement {
  private CatalogMeasurement() {}

  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    if (!Files.exists(directory)) {
      make(directory, arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10_000);
      return;
    }
    ProxyConfig config = TestConfig.of(TestConfig.tenants(directory));
    IdentityLoader loader = new IdentityLoader(Clock.systemUTC(), Map.of());
    long heapBefore = usedHeap();
    IdentityCatalog first = load("first load", loader, config, IdentityCatalog.EMPTY);
    long heapAfter = usedHeap();
    int count = first.entries().size();
    print("%d entries, %d problems%n", count, first.problems().size());
    print("heap an identity: %d bytes%n", (heapAfter - heapBefore) / Math.max(1, count));
    IdentityCatalog second = load("nothing changed", loader, config, first);
    load("first load, warm", loader, config, IdentityCatalog.EMPTY);
    print(
        "of the first load, %s was taken over%n", second.sameIdentities(first) ? "all" : "not all");
  }

  private static IdentityCatalog load(
      String what, IdentityLoader loader, ProxyConfig config, IdentityCatalog previous) {
    long cpu = processCpuNanos();
    long start = System.nanoTime();
    IdentityCatalog catalog =
        loader.load(config, previous, Runtime.getRuntime().availableProcessors());
    print(
        "%s: %d ms wall, %d ms CPU%n",
        what,
        Duration.ofNanos(System.nanoTime() - start).toMillis(),
        Duration.ofNanos(processCpuNanos() - cpu).toMillis());
    return catalog;
  }

  /** One key for all: what differs is the certificate, and that is what loading costs. */
  private static void make(Path directory, int count) throws IOException {
    Files.createDirectories(directory);
    TestCa issuing = TestCa.root().intermediate("Issuing CA");
    KeyPair pair = TestKey.EC_P256.generate();
    Instant settled = Instant.now().minus(Duration.ofMinutes(1));
    for (int i = 0; i < count; i++) {
      String name = "tenant-" + i + ".example";
      TestIdentity issued = issuing.leaf(name, "www." + name).key(TestKey.EC_P256, pair).issue();
      Path chain = issued.writeTo(directory, name);
      TestPem.writeSecret(directory.resolve(name + ".key"), issued.traditionalKeyPem());
      Files.setLastModifiedTime(chain, FileTime.from(settled));
    }
  }

  private static long processCpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static long usedHeap() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static void print(String format, Object... values) {
    System.out.printf(Locale.ROOT, format, values);
  }
}
