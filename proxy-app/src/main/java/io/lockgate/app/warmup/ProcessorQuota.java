package io.lockgate.app.warmup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Whether a control group bounds the processor time of this process (Linux, both versions of
 * control groups). Where one does, all threads are stopped together once it is used up, whatever
 * their priorities are.
 */
final class ProcessorQuota {
  private static final String UNLIMITED = "max";
  private static final String ALL = "/";

  private final Path groupsOfProcess;
  private final Path unified;
  private final Path legacy;

  private ProcessorQuota(Path groupsOfProcess, Path unified, Path legacy) {
    this.groupsOfProcess = groupsOfProcess;
    this.unified = unified;
    this.legacy = legacy;
  }

  static ProcessorQuota ofProcess() {
    return at(Path.of("/proc/self/cgroup"), Path.of("/sys/fs/cgroup"));
  }

  /**
   * @param groupsOfProcess what {@code /proc/self/cgroup} is
   * @param mounted what {@code /sys/fs/cgroup} is
   */
  static ProcessorQuota at(Path groupsOfProcess, Path mounted) {
    return new ProcessorQuota(groupsOfProcess, mounted, mounted.resolve("cpu"));
  }

  boolean exists() {
    try {
      for (String line : Files.readAllLines(groupsOfProcess)) {
        String[] group = line.split(":", 3);
        if (group.length == 3 && isBounded(group)) {
          return true;
        }
      }
    } catch (IOException e) {
      return false; // No control groups, no quota.
    }
    return false;
  }

  /** By its own group or any above it. */
  private boolean isBounded(String[] group) {
    boolean ofUnified = group[0].equals("0");
    if (!ofUnified && !List.of(group[1].split(",")).contains("cpu")) {
      return false;
    }
    String path = group[2];
    while (true) {
      Path directory = (ofUnified ? unified : legacy).resolve(path.substring(1));
      if (ofUnified
          ? isQuota(directory.resolve("cpu.max"))
          : isQuota(directory.resolve("cpu.cfs_quota_us"))) {
        return true;
      }
      if (path.length() <= 1) {
        return false;
      }
      path = path.substring(0, Math.max(1, path.lastIndexOf(ALL)));
    }
  }

  private static boolean isQuota(Path file) {
    try {
      String text = Files.readString(file).strip();
      return !text.startsWith(UNLIMITED) && !text.startsWith("-");
    } catch (IOException e) {
      return false; // The root has no such file, and neither has a group without the controller.
    }
  }
}
