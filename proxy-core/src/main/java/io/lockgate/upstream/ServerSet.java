package io.lockgate.upstream;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The servers that an upstream has at a time, all addresses of its names among them. Immutable;
 * replaced as a whole.
 *
 * @param unresolved labels of the names that have no address
 * @param ring where requests are spread by a key
 */
record ServerSet(List<UpstreamServer> servers, List<String> unresolved, Optional<HashRing> ring) {
  static ServerSet of(List<UpstreamServer> servers, List<String> unresolved, boolean hashed) {
    return new ServerSet(
        List.copyOf(servers),
        List.copyOf(unresolved),
        hashed && !servers.isEmpty() ? Optional.of(HashRing.of(servers)) : Optional.empty());
  }

  /** Whether it is the same servers, and not only equal ones. */
  boolean sameAs(ServerSet other) {
    return servers.equals(other.servers) && unresolved.equals(other.unresolved);
  }

  Map<String, UpstreamServer> byAddress() {
    return servers.stream()
        .collect(Collectors.toMap(UpstreamServer::address, Function.identity(), (a, b) -> a));
  }
}
