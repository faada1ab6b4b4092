package io.lockgate.pki;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What tells without reading that a file is still the same. Links are followed, so a link that
 * turns to another file is a change.
 *
 * @param settled false if the file changed so shortly before that it may change again within one
 *     tick of the file system's clock; such a stamp equals no later one
 */
record FileStamp(
    Path path,
    long size,
    long modifiedNanos,
    Optional<Object> fileKey,
    boolean readableByOthers,
    boolean settled) {
  private static final Duration TICK = Duration.ofSeconds(2);

  /** Far above any chain; keeps a wrong path from filling the memory. */
  private static final int LARGEST_FILE = 1 << 20;

  static FileStamp of(Path path, Instant now) throws IOException {
    PosixFileAttributes attributes = Files.readAttributes(path, PosixFileAttributes.class);
    if (!attributes.isRegularFile() || attributes.size() > LARGEST_FILE) {
      throw new IOException(
          attributes.isRegularFile() ? "it is too large for a certificate" : "it is not a file");
    }
    FileTime modified = attributes.lastModifiedTime();
    return new FileStamp(
        path,
        attributes.size(),
        modified.to(TimeUnit.NANOSECONDS),
        Optional.ofNullable(attributes.fileKey()),
        attributes.permissions().contains(PosixFilePermission.OTHERS_READ),
        modified.toInstant().isBefore(now.minus(TICK)));
  }
}
