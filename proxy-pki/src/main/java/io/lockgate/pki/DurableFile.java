package io.lockgate.pki;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Writes files so that others see all of one or nothing, even after the power failed. */
final class DurableFile {
  private final Path target;
  private final String mode;

  /**
   * A file to be.
   *
   * @param mode such as {@code rw-------}
   */
  DurableFile(Path target, String mode) {
    this.target = target;
    this.mode = mode;
  }

  /** Writes it unless it exists: of several processes that try, the first one wins. */
  void create(String content) throws IOException {
    Path draft = draft(content);
    try {
      link(draft);
    } catch (FileAlreadyExistsException e) {
      return; // Another was first; its content counts.
    } finally {
      Files.deleteIfExists(draft);
    }
    syncDirectory();
  }

  /** Writes it in place of what is there. */
  void replace(String content) throws IOException {
    Path draft = draft(content);
    try {
      Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(draft);
    }
    syncDirectory();
  }

  private void link(Path draft) throws IOException {
    try {
      Files.createLink(target, draft);
    } catch (UnsupportedOperationException e) {
      // No hard links here: nearly as good, but two processes may both believe to be first.
      Files.move(draft, target);
    }
  }

  private Path draft(String content) throws IOException {
    Path draft =
        Files.createTempFile(
            target.getParent(),
            ".",
            ".tmp",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)));
    try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.US_ASCII));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    return draft;
  }

  private void syncDirectory() throws IOException {
    try (FileChannel directory = FileChannel.open(target.getParent(), StandardOpenOption.READ)) {
      directory.force(true);
    }
  }
}
