package io.lockgate.pki;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * What a catalog remembers of the files of one certificate, so that the next load need not read
 * them again.
 *
 * @param stamps of the files as they were before they were read
 * @param fingerprint of their content
 */
record LoadedPair(List<FileStamp> stamps, ByteBuffer fingerprint, PairAssembly assembly) {
  LoadedPair {
    stamps = List.copyOf(stamps);
  }

  boolean unchanged(List<FileStamp> current) {
    return stamps.equals(current) && stamps.stream().allMatch(FileStamp::settled);
  }
}
