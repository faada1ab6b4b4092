package io.lockgate.proxy;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/**
 * What the proxy needs from its process.
 *
 * @param configFile read at start and at every reload
 * @param environment for {@code ${?ENV}} and key passwords
 * @param clock wall clock for certificates and reports
 * @param version of the distribution, for {@code build_info} and the Server of error pages
 * @param observed false only where it is to be measured what metrics, explanations and logs cost:
 *     nothing that happens on a loop is told to any of them then
 */
public record ProxySetup(
    Path configFile,
    Map<String, String> environment,
    Clock clock,
    String version,
    boolean observed) {

  /** As a daemon needs it. */
  public ProxySetup(Path configFile, Map<String, String> environment, Clock clock, String version) {
    this(configFile, environment, clock, version, true);
  }
}
