package io.lockgate.pki;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Loads single certificates within one load of a catalog: reads only files that changed, and builds
 * equal content once. Safe for use by many threads.
 */
final class PairLoader {
  private final PairReader reader;
  private final IdentityCatalog previous;
  private final Instant now;
  private final IssuerPool issuers = new IssuerPool();
  private final IdentityPool identities;

  PairLoader(PairReader reader, IdentityCatalog previous, Instant now) {
    this.reader = reader;
    this.previous = previous;
    this.now = now;
    this.identities = new IdentityPool(previous);
    issuers.keepIssuersOf(previous);
  }

  PairOutcome load(PairRequest request) {
    Optional<LoadedPair> before = previous.loadedFrom(request.files().chain());
    try {
      // Before the files are read: a change in between is then seen by the next load.
      List<FileStamp> stamps = stamps(request.files());
      if (before.isPresent() && before.get().unchanged(stamps)) {
        return PairOutcome.loaded(before.get());
      }
      return PairOutcome.loaded(read(request.files(), stamps));
    } catch (CertificateFileException e) {
      return new PairOutcome(request.oneOfMany() ? before : Optional.empty(), Optional.of(e));
    }
  }

  private LoadedPair read(PairFiles files, List<FileStamp> stamps) throws CertificateFileException {
    PairBytes bytes = PairBytes.read(files, stamps);
    try {
      PairContent content = reader.content(files, bytes);
      return new LoadedPair(stamps, PairAssembly.of(files.chain(), content, issuers, identities));
    } catch (RuntimeException e) {
      // Whatever a file holds, and whatever we did not think of: it must not stop the others.
      throw new CertificateFileException(
          "certificate-malformed", files.chain() + ": it cannot be understood: " + e, "");
    }
  }

  private List<FileStamp> stamps(PairFiles files) throws CertificateFileException {
    List<FileStamp> stamps = new ArrayList<>(2);
    for (Path file : files.all()) {
      try {
        stamps.add(FileStamp.of(file, now));
      } catch (IOException e) {
        throw PairBytes.unreadable(file, e);
      }
    }
    return stamps;
  }
}
