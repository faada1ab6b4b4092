package io.lockgate.pki;

import java.util.List;

/**
 * Certificates and a key as they were found in files, not yet checked against each other.
 *
 * @param certificates their encodings in the order found
 */
record PairContent(List<byte[]> certificates, Pkcs8 key) {
  PairContent {
    certificates = List.copyOf(certificates);
  }
}
