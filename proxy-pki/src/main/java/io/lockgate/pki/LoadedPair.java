package io.lockgate.pki;

import java.util.List;

/**
 * What a catalog remembers of the files of one certificate, so that the next load need not read
 * them again.
 *
 * @param stamps of the files as they were before they were read
 */
record LoadedPair(List<FileStamp> stamps, PairAssembly assembly) {
  LoadedPair {
    stamps = List.copyOf(stamps);
  }

  boolean unchanged(List<FileStamp> current) {
    return stamps.equals(current) && stamps.stream().allMatch(FileStamp::settled);
  }
}
