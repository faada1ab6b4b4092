package io.lockgate.proxy;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/**
 * What the proxy needs from its process.
 *
 * @param configFile read at start and at every reload
 * @param environment for {@code ${?ENV}} and key passwords
 * @param clock wall clock for certificates and reports
 * @param version of the distribution, for {@code build_info} and the Server of error pages
 * @param unobserved the listener whose connections nobody is told of: neither metrics nor logs,
 *     traces and explanations; only where it is to be measured what these cost, else empty
 */
public record ProxySetup(
    Path configFile,
    Map<String, String> environment,
    Clock clock,
    String version,
    Optional<String> unobserved) {

  /** As a daemon needs it. */
  public ProxySetup(Path configFile, Map<String, String> environment, Clock clock, String version) {
    this(configFile, environment, clock, version, Optional.empty());
  }
}
