package io.lockgate.pki;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
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
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        names.add(file.getFileName().toString());
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    Set<String> keys = new HashSet<>();
    names.stream().filter(name -> name.endsWith(KEY)).forEach(keys::add);
    Collections.sort(names);
    List<PairFiles> pairs = new ArrayList<>();
    for (String name : names) {
      // Dot files are editors' and deployment tools' own.
      if (name.endsWith(CHAIN) && !name.startsWith(".")) {
        String key = name.substring(0, name.length() - CHAIN.length()) + KEY;
        Optional<Path> keyFile =
            keys.contains(key) ? Optional.of(directory.resolve(key)) : Optional.empty();
        pairs.add(new PairFiles(directory.resolve(name), keyFile, Optional.empty()));
      }
    }
    return pairs;
  }
}
