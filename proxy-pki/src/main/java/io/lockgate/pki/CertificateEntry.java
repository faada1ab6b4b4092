package io.lockgate.pki;

import java.util.List;
import java.util.Optional;

/**
 * One certificate of the catalog under the name that operators know it by.
 *
 * @param name the configuration's name, or NAME/FILE for one of a directory; also the metric label
 * @param configName the configuration's name alone
 * @param source where it was read from
 * @param owner who to ask about it; empty where not said
 * @param findings what is wrong with it though it is served
 */
public record CertificateEntry(
    String name,
    String configName,
    String source,
    Optional<String> owner,
    Identity identity,
    List<Finding> findings) {

  public CertificateEntry {
    findings = List.copyOf(findings);
  }

  /** Whether clients are sent every certificate up to a root, as far as can be told. */
  public boolean chainComplete() {
    return findings.stream().noneMatch(f -> f.code().equals(ChainLint.CHAIN_INCOMPLETE));
  }
}
