package io.lockgate.app;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * How files looked at one moment: which file is behind each name, how long it is and when it was
 * written. Follows links, so it differs after the link was pointed elsewhere, as Kubernetes does it
 * with a link to the directory. Two that are equal are taken for the same content.
 */
record FileState(Map<Path, Facts> files) {
  FileState {
    files = Map.copyOf(files);
  }

  /** What one name stood for. */
  private record Facts(String key, long modifiedNanos, long size) {
    static final Facts ABSENT = new Facts("absent", 0, 0);

    static Facts of(BasicFileAttributes attributes) {
      return new Facts(
          String.valueOf(attributes.fileKey()),
          attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS),
          attributes.isDirectory() ? 0 : attributes.size());
    }
  }

  /** Looks at files, and at directories with the files in them. */
  static FileState of(Set<Path> paths) {
    Map<Path, Facts> files = new HashMap<>();
    for (Path path : paths) {
      Facts facts = look(path);
      files.put(path, facts);
      if (Files.isDirectory(path)) {
        lookInto(path, files);
      }
    }
    return new FileState(files);
  }

  /** Whether one of the files, or a link to it, was made, written or renamed since a moment. */
  boolean changedSince(FileTime moment) {
    return files.keySet().stream()
        .anyMatch(
            path -> changed(path, moment) || changed(path, moment, LinkOption.NOFOLLOW_LINKS));
  }

  private static boolean changed(Path path, FileTime moment, LinkOption... how) {
    try {
      // The time of the last change of anything, which unlike that of writing cannot be set.
      FileTime at = (FileTime) Files.getAttribute(path, "unix:ctime", how);
      return at.compareTo(moment) >= 0;
    } catch (IOException e) {
      return false; // A file that is not there: it comes, and is seen then.
    }
  }

  private static void lookInto(Path directory, Map<Path, Facts> files) {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      entries.forEach(entry -> files.put(entry, look(entry)));
    } catch (IOException | DirectoryIteratorException e) {
      files.put(directory, Facts.ABSENT); // A reload says what is wrong.
    }
  }

  private static Facts look(Path path) {
    try {
      return Facts.of(Files.readAttributes(path, BasicFileAttributes.class));
    } catch (IOException e) {
      return Facts.ABSENT;
    }
  }
}
