package io.lockgate.config.model;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * TLS settings that are not a policy's.
 *
 * @param defaultPolicy name of the policy of hosts that name none
 * @param systemOpenSsl whether RSA keys of 2048 bits sign there where that is faster
 * @param unknownHost what to do when SNI names a host that none of ours covers
 * @param missingSni what to do without SNI
 * @param maxCachedContexts bound of the native contexts kept built
 */
public record TlsConfig(
    String defaultPolicy,
    Duration handshakeTimeout,
    Tickets tickets,
    SessionCache sessionCache,
    Ocsp ocsp,
    boolean certificateCompression,
    boolean systemOpenSsl,
    NameFallback unknownHost,
    NameFallback missingSni,
    int maxCachedContexts) {

  /** Session tickets (RFC 8446 section 4.6.1, RFC 5077) and their keys. */
  public record Tickets(
      boolean enabled, Duration rotateEvery, int acceptPrevious, KeySource keys) {}

  /** Where ticket keys come from. */
  public sealed interface KeySource {
    /** Made at random, and never leaving the process. */
    record Memory() implements KeySource {}

    /** Made at random by one of the processes that share the directory. */
    record Directory(Path path) implements KeySource {}

    /** Derived from the seed in a file and from the time. */
    record SeedFile(Path path) implements KeySource {}

    /** Derived from the seed in an environment variable and from the time. */
    record SeedVariable(String name) implements KeySource {}
  }

  /** TLS 1.2 session ids; {@code size} counts sessions per context. */
  public record SessionCache(int size, Duration lifetime) {}

  /**
   * OCSP stapling.
   *
   * @param refreshAtPercent share of a response's life after which it is fetched again
   */
  public record Ocsp(
      StapleMode staple, int refreshAtPercent, Path cacheDirectory, Duration timeout) {}

  /** Whether responses are stapled, and whether a handshake may go without. */
  public enum StapleMode {
    OFF,
    PREFER,
    REQUIRE
  }

  /**
   * Reject with the alert {@code unrecognized_name}, or serve as the named host.
   *
   * @param host the host to fall back to; empty means reject
   */
  public record NameFallback(Optional<String> host) {
    public static final NameFallback REJECT = new NameFallback(Optional.empty());
  }
}
