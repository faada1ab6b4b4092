package io.lockgate.pki;

import java.util.Optional;

/**
 * What became of a request. Both a pair and a fault: the files are bad now, and what they held
 * before goes on being served.
 */
record PairOutcome(Optional<LoadedPair> pair, Optional<CertificateFileException> fault) {
  static PairOutcome loaded(LoadedPair pair) {
    return new PairOutcome(Optional.of(pair), Optional.empty());
  }
}
