package io.lockgate.metrics;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * What the JVM and the operating system know of this process. Reads {@code /proc} on the thread of
 * the scrape, never on an event loop; what a system does not have is left out.
 */
public final class ProcessReadings implements MetricSource {
  @Override
  public void read(Readings readings) {
    readJvm(readings);
    readProcess(readings);
  }

  @Override
  public void glance(Readings readings) {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean processors) {
      readProcessors(readings, processors);
    }
  }

  private static void readJvm(Readings readings) {
    var memory = ManagementFactory.getMemoryMXBean();
    readMemory(readings, "heap", memory.getHeapMemoryUsage());
    readMemory(readings, "nonheap", memory.getNonHeapMemoryUsage());
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      readings.total(
          Metric.JVM_GC,
          Math.max(0, collector.getCollectionCount()),
          Math.max(0, collector.getCollectionTime()) / 1e3,
          collector.getName());
    }
    readings.value(Metric.JVM_THREADS, ManagementFactory.getThreadMXBean().getThreadCount());
  }

  private static void readMemory(Readings readings, String area, MemoryUsage usage) {
    readings.value(Metric.JVM_MEMORY_USED, usage.getUsed(), area);
    readings.value(Metric.JVM_MEMORY_COMMITTED, usage.getCommitted(), area);
    if (usage.getMax() >= 0) {
      readings.value(Metric.JVM_MEMORY_MAX, usage.getMax(), area);
    }
  }

  private static void readProcess(Readings readings) {
    readings.value(
        Metric.PROCESS_START_TIME, ManagementFactory.getRuntimeMXBean().getStartTime() / 1e3);
    var system = ManagementFactory.getOperatingSystemMXBean();
    if (system instanceof OperatingSystemMXBean processors) {
      readProcessors(readings, processors);
    }
    if (system instanceof UnixOperatingSystemMXBean unix) {
      readings.value(Metric.PROCESS_OPEN_FDS, unix.getOpenFileDescriptorCount());
      readings.value(Metric.PROCESS_MAX_FDS, unix.getMaxFileDescriptorCount());
    }
    residentBytes()
        .ifPresent(bytes -> readings.value(Metric.PROCESS_RESIDENT_MEMORY, (double) bytes));
  }

  private static void readProcessors(Readings readings, OperatingSystemMXBean processors) {
    readings.value(Metric.PROCESS_CPU, Math.max(0, processors.getProcessCpuTime()) / 1e9);
  }

  /** Memory of the machine that the process occupies; empty where nobody says. Reads a file. */
  public static OptionalLong residentBytes() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("VmRSS:")) {
          String kibibytes = line.replaceAll("[^0-9]", "");
          return OptionalLong.of(Long.parseLong(kibibytes) * 1024);
        }
      }
    } catch (IOException | NumberFormatException e) {
      // Not Linux: the value is left out, as promised above.
      return OptionalLong.empty();
    }
    return OptionalLong.empty();
  }
}
