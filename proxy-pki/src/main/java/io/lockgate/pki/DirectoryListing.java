package io.lockgate.pki;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The certificates of a directory: NAME.pem, with NAME.key where there is one. */
final class DirectoryListing {
  private static final String CHAIN = ".pem";
  private static final String KEY = ".key";

  private DirectoryListing() {}

  /** In the order of their names, so that two loads of the same files give the same catalog. */
  static List<PairFiles> pairs(Path directory) throws IOException {
    String[] names = directory.toFile().list();
    if (names == null) {
      throw unlistable(directory);
    }
    Set<String> keys = new HashSet<>();
    List<String> chains = new ArrayList<>();
    for (String name : names) {
      if (name.endsWith(KEY)) {
        keys.add(name);
      } else if (name.endsWith(CHAIN) && !name.startsWith(".")) {
        // Dot files are editors' and deployment tools' own.
        chains.add(name);
      }
    }
    Collections.sort(chains);
    List<PairFiles> pairs = new ArrayList<>(chains.size());
    for (String name : chains) {
      String key = name.substring(0, name.length() - CHAIN.length()) + KEY;
      Optional<Path> keyFile =
          keys.contains(key) ? Optional.of(directory.resolve(key)) : Optional.empty();
      pairs.add(new PairFiles(directory.resolve(name), keyFile, Optional.empty()));
    }
    return pairs;
  }

  /** The older interface, which is the faster one, does not say why. */
  private static IOException unlistable(Path directory) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      String what = files.iterator().hasNext() ? "its files" : "it";
      return new IOException(what + " cannot be listed");
    } catch (IOException e) {
      return e;
    }
  }
}
