package io.lockgate.app.warmup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether processor time is bounded, by what the system's files say. */
class ProcessorQuotaTest {
  @TempDir Path directory;
  private Path groups;

  @BeforeEach
  void make() throws IOException {
    groups = directory.resolve("cgroup");
    Files.createDirectories(directory.resolve("a/b"));
    Files.createDirectories(directory.resolve("cpu/a"));
  }

  private boolean exists() {
    return ProcessorQuota.at(groups, directory).exists();
  }

  @Test
  void ofTheOwnGroup() throws IOException {
    Files.writeString(groups, "0::/a/b\n");
    Files.writeString(directory.resolve("a/b/cpu.max"), "150000 100000\n");

    assertThat(exists()).isTrue();
  }

  @Test
  void ofAGroupAbove() throws IOException {
    Files.writeString(groups, "0::/a/b\n");
    Files.writeString(directory.resolve("a/b/cpu.max"), "max 100000\n");
    Files.writeString(directory.resolve("a/cpu.max"), "150000 100000\n");

    assertThat(exists()).isTrue();
  }

  @Test
  void ofAContainerThatSeesItsOwnGroupAsTheRoot() throws IOException {
    Files.writeString(groups, "0::/\n");
    Files.writeString(directory.resolve("cpu.max"), "150000 100000\n");

    assertThat(exists()).isTrue();
  }

  @Test
  void ofControlGroupsOfVersion1() throws IOException {
    Files.writeString(groups, "4:memory:/a\n3:cpu,cpuacct:/a\n");
    Files.writeString(directory.resolve("cpu/a/cpu.cfs_quota_us"), "150000\n");

    assertThat(exists()).isTrue();
  }

  @Test
  void isNoneWhereEveryGroupSaysSo() throws IOException {
    Files.writeString(groups, "3:cpu,cpuacct:/a\n0::/a/b\n");
    Files.writeString(directory.resolve("a/b/cpu.max"), "max 100000\n");
    Files.writeString(directory.resolve("cpu/a/cpu.cfs_quota_us"), "-1\n");

    assertThat(exists()).isFalse();
  }

  @Test
  void isNoneWithoutControlGroups() {
    assertThat(exists()).isFalse();
  }
}
