package io.lockgate.config.model;

import java.util.Optional;

/**
 * Something an operator should know about a configuration or a certificate.
 *
 * @param code stable, kebab-case, such as {@code unknown-upstream}
 * @param path of the value below {@code lockgate}
 * @param origin where it was written
 * @param message what is wrong, with the value found
 * @param hint what to do; empty where the message says it all
 */
public record ConfigProblem(
    Severity severity,
    String code,
    String path,
    Origin origin,
    String message,
    Optional<String> hint) {

  /** Errors forbid loading; warnings do so under {@code --strict} only. */
  public enum Severity {
    ERROR,
    WARNING
  }

  public static ConfigProblem error(
      String code, String path, Origin origin, String message, String hint) {
    return new ConfigProblem(
        Severity.ERROR, code, path, origin, message, Optional.of(hint).filter(h -> !h.isEmpty()));
  }

  public static ConfigProblem warning(
      String code, String path, Origin origin, String message, String hint) {
    return new ConfigProblem(
        Severity.WARNING, code, path, origin, message, Optional.of(hint).filter(h -> !h.isEmpty()));
  }
}
