package io.lockgate.pki;

import io.lockgate.config.model.CertificateConfig;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The certificates of a directory: NAME.pem, with NAME.key where there is one. */
final class DirectoryListing {
  private static final String CHAIN = ".pem";
  private static final String KEY = ".key";

  private DirectoryListing() {}

  /**
   * In the order of their names, so that two loads of the same files give the same catalog. What
   * was asked for before and is still there is the very same object.
   *
   * @param before of the load before; empty if there was none
   */
  static List<PairRequest> requests(
      CertificateConfig source, Path directory, List<PairRequest> before) throws IOException {
    String[] names = directory.toFile().list();
    if (names == null) {
      throw unlistable(directory);
    }
    Arrays.sort(names);
    List<PairRequest> requests = new ArrayList<>(names.length / 2);
    int next = 0;
    for (String name : names) {
      // Dot files are editors' and deployment tools' own.
      if (name.endsWith(CHAIN) && !name.startsWith(".")) {
        String label = source.name() + '/' + name;
        while (next < before.size() && before.get(next).name().compareTo(label) < 0) {
          next++;
        }
        String key = name.substring(0, name.length() - CHAIN.length()) + KEY;
        boolean apart = Arrays.binarySearch(names, key) >= 0;
        requests.add(
            next < before.size() && asks(before.get(next), source, label, apart)
                ? before.get(next)
                : request(source, directory, name, apart ? Optional.of(key) : Optional.empty()));
      }
    }
    return requests;
  }

  private static boolean asks(
      PairRequest request, CertificateConfig source, String label, boolean keyApart) {
    return request.name().equals(label)
        && request.files().key().isPresent() == keyApart
        && request.source().equals(source);
  }

  private static PairRequest request(
      CertificateConfig source, Path directory, String name, Optional<String> key) {
    PairFiles files =
        new PairFiles(directory.resolve(name), key.map(directory::resolve), Optional.empty());
    return new PairRequest(source.name() + '/' + name, source, files, true);
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
