package io.lockgate.config.hocon;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * What a reading of a configuration rests on: the content of its files, and what was found in its
 * directories. Immutable.
 */
record ReadFiles(Set<Content> files, Set<Listing> listings) {
  ReadFiles {
    files = Set.copyOf(files);
    listings = Set.copyOf(listings);
  }

  /**
   * A file as it was.
   *
   * @param digest of its text
   */
  record Content(Path file, String digest) {
    /** Written out as every start comes here: what Java makes of a record is made at run time. */
    @Override
    public int hashCode() {
      return digest.hashCode();
    }
  }

  /** What a pattern gave. */
  record Listing(Path folder, String pattern, List<Path> found) {}

  Set<Path> paths() {
    Set<Path> paths = new HashSet<>();
    files.forEach(content -> paths.add(content.file()));
    listings.forEach(listing -> paths.add(listing.folder()));
    return paths;
  }

  /** Whether a further reading would find the very same. Reads all the files. */
  boolean stillTrue() {
    try {
      for (Listing listing : listings) {
        if (!Sources.filesOf(listing.folder(), listing.pattern()).equals(listing.found())) {
          return false;
        }
      }
      for (Content content : files) {
        if (!digest(Files.readString(content.file())).equals(content.digest())) {
          return false;
        }
      }
      return true;
    } catch (IOException | DirectoryIteratorException e) {
      return false; // A real reading says what is wrong.
    }
  }

  static String digest(String text) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
