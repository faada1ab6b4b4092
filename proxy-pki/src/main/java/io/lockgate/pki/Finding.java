package io.lockgate.pki;

import io.lockgate.config.model.ConfigProblem;
import java.util.Optional;

/**
 * Something that an operator should know about a certificate which can be served nevertheless.
 *
 * @param code stable, kebab-case, such as {@code chain-incomplete}
 * @param message a sentence that does not name the certificate
 * @param hint what to do; empty where the message says it all
 */
public record Finding(
    String code, ConfigProblem.Severity severity, String message, Optional<String> hint) {

  static Finding warning(String code, String message, String hint) {
    return new Finding(
        code,
        ConfigProblem.Severity.WARNING,
        message,
        Optional.of(hint).filter(text -> !text.isEmpty()));
  }
}
