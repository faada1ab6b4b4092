package io.lockgate.pki;

import io.lockgate.config.model.ConfigProblem;
import io.lockgate.config.model.HostConfig;
import io.lockgate.config.model.HostPattern;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who verifies the clients of which host, with what was found wrong. Immutable; lookups touch no
 * file and may be made on event loops.
 */
public final class ClientAuthCatalog {
  public static final ClientAuthCatalog EMPTY =
      new ClientAuthCatalog(Map.of(), List.of(), ClientAuthFiles.NONE);

  private final Map<HostPattern, ClientVerifier> verifiers;
  private final List<ConfigProblem> problems;
  private final ClientAuthFiles files;

  ClientAuthCatalog(
      Map<HostPattern, ClientVerifier> verifiers,
      List<ConfigProblem> problems,
      ClientAuthFiles files) {
    this.verifiers = Map.copyOf(verifiers);
    this.problems = List.copyOf(problems);
    this.files = files;
  }

  /** Empty for a host that asks for no certificates. */
  public Optional<ClientVerifier> verifier(HostConfig host) {
    return Optional.ofNullable(verifiers.get(host.name()));
  }

  /** By the names of hosts. */
  public Map<HostPattern, ClientVerifier> verifiers() {
    return verifiers;
  }

  /** Errors forbid serving this catalog. */
  public List<ConfigProblem> problems() {
    return problems;
  }

  /** Whether the same clients are let in everywhere: then a reload changed nothing. */
  public boolean sameVerifiers(ClientAuthCatalog other) {
    return verifiers.equals(other.verifiers);
  }

  ClientAuthFiles files() {
    return files;
  }
}
