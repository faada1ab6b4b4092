package io.lockgate.snapshot;

import io.lockgate.config.model.AnswerConfig;
import io.lockgate.config.model.HttpConfig;
import io.lockgate.exchange.Answers;
import io.lockgate.http.AsciiBytes;
import io.lockgate.http.ForwardedFields;
import java.util.Optional;

/**
 * What a client's HTTP connection is promised and held to, compiled once per snapshot. Immutable.
 *
 * @param requestIdField name of the field that carries the request id
 * @param answers to requests that are for no host
 */
public record HttpTerms(
    HttpConfig config, ForwardedFields forwarded, AsciiBytes requestIdField, Answers answers) {
  static HttpTerms of(HttpConfig config) {
    return new HttpTerms(
        config,
        ForwardedFields.of(config.forwarded()),
        AsciiBytes.of(config.requestId().header()),
        Answers.of(Optional.empty(), AnswerConfig.PLAIN, config.errorPages()));
  }
}
