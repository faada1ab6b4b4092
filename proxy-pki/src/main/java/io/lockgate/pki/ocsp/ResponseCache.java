package io.lockgate.pki.ocsp;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Responses in a directory, a file for each identity. What is read back is to be verified anew: the
 * directory vouches for nothing. Nothing is forced to the disk, since a lost file costs one fetch.
 */
final class ResponseCache {
  private static final String SUFFIX = ".ocsp";
  private static final Pattern FILE = Pattern.compile("[0-9a-f]{64}\\.ocsp");

  private final Path directory;

  ResponseCache(Path directory) {
    this.directory = directory;
  }

  Optional<byte[]> read(String identityDigest) throws IOException {
    Path file = directory.resolve(identityDigest + SUFFIX);
    try {
      return Files.size(file) > ResponderClient.LONGEST_RESPONSE
          ? Optional.empty()
          : Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Others see the old file or the new one, never half of it. */
  void write(String identityDigest, byte[] response) throws IOException {
    Files.createDirectories(directory);
    Path draft = Files.createTempFile(directory, ".", ".tmp");
    try {
      Files.write(draft, response);
      Files.move(draft, directory.resolve(identityDigest + SUFFIX), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  /** Removes the files of other identities, and nothing that this class did not write. */
  void retain(Set<String> identityDigests) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (FILE.matcher(name).matches()
            && !identityDigests.contains(name.substring(0, name.length() - SUFFIX.length()))) {
          Files.deleteIfExists(file);
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return; // nothing was ever written
    }
  }
}
