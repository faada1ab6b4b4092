package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWatchTest {
  @TempDir private Path directory;
  private final Set<Path> names = new HashSet<>();
  private Path file;
  private int reloads;

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(directory.resolve("www.pem"), "first");
    names.add(file);
  }

  @Test
  void isSilentWhileNothingChanges() {
    look(watch(), 4);
    assertThat(reloads).isZero();
  }

  @Test
  void reloadsOnceWhenAFileHasChangedAndStaysSo() throws IOException {
    FileWatch watch = watch();
    Files.writeString(file, "something longer");
    look(watch, 1);
    assertThat(reloads).as("it may still be written").isZero();
    look(watch, 4);
    assertThat(reloads).isOne();
  }

  @Test
  void waitsWhileItGoesOnChanging() throws IOException {
    FileWatch watch = watch();
    for (int i = 1; i <= 3; i++) {
      Files.writeString(file, "longer".repeat(i + 1));
      look(watch, 1);
    }
    assertThat(reloads).isZero();
    look(watch, 1);
    assertThat(reloads).isOne();
  }

  @Test
  void seesALinkToTheDirectoryPointedElsewhere() throws IOException {
    Path first = Files.createDirectory(directory.resolve("..2026_1"));
    Path second = Files.createDirectory(directory.resolve("..2026_2"));
    Files.writeString(first.resolve("tls.crt"), "same length 1");
    Files.writeString(second.resolve("tls.crt"), "same length 2");
    Path data = Files.createSymbolicLink(directory.resolve("..data"), first.getFileName());
    names.add(Files.createSymbolicLink(directory.resolve("tls.crt"), Path.of("..data", "tls.crt")));
    FileWatch watch = watch();
    Path next = Files.createSymbolicLink(directory.resolve("..data_tmp"), second.getFileName());
    Files.move(next, data, StandardCopyOption.ATOMIC_MOVE);
    look(watch, 2);
    assertThat(reloads).isOne();
  }

  @Test
  void seesANewFileInADirectory() throws IOException {
    Path tenants = Files.createDirectory(directory.resolve("tenants"));
    names.add(tenants);
    FileWatch watch = watch();
    Files.writeString(tenants.resolve("a.pem"), "a");
    look(watch, 3);
    assertThat(reloads).isOne();
  }

  @Test
  void seesAFileGoAndCome() throws IOException {
    FileWatch watch = watch();
    Files.delete(file);
    look(watch, 3);
    Files.writeString(file, "again");
    look(watch, 3);
    assertThat(reloads).isEqualTo(2);
  }

  @Test
  void whatAReloadAddsIsNoFurtherReason() throws IOException {
    Path added = Files.writeString(directory.resolve("more.conf"), "more");
    FileWatch watch =
        begun(
            () -> {
              names.add(added);
              return reload();
            });
    Files.writeString(file, "include more.conf");
    look(watch, 5);
    assertThat(reloads).isOne();
    Files.writeString(added, "more and more");
    look(watch, 5);
    assertThat(reloads).as("but it is watched from then on").isEqualTo(2);
  }

  @Test
  void seesWhatWasChangedAfterItHadBeenRead() {
    FileWatch watch = new FileWatch(() -> Set.copyOf(names), this::reload);
    watch.begin(FileTime.from(Instant.EPOCH)); // The file was written since.
    look(watch, 3);
    assertThat(reloads).isOne();
  }

  @Test
  void asksAgainWhereNothingMayBeChangedAtTheMoment() throws IOException {
    FileWatch watch = begun(() -> ++reloads > 2);
    Files.writeString(file, "something longer");
    look(watch, 10);
    assertThat(reloads).as("refused twice, done the third time").isEqualTo(3);
  }

  private FileWatch watch() {
    return begun(this::reload);
  }

  private boolean reload() {
    reloads++;
    return true;
  }

  private FileWatch begun(BooleanSupplier reload) {
    FileWatch watch = new FileWatch(() -> Set.copyOf(names), reload);
    watch.begin(FileTime.from(Instant.MAX));
    return watch;
  }

  private static void look(FileWatch watch, int times) {
    for (int i = 0; i < times; i++) {
      watch.look();
    }
  }
}
