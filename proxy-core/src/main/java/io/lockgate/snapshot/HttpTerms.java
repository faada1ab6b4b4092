package io.lockgate.snapshot;

import io.lockgate.config.model.HttpConfig;
import io.lockgate.http.AsciiBytes;
import io.lockgate.http.ForwardedFields;

/**
 * What a client's HTTP connection is promised and held to, compiled once per snapshot. Immutable.
 *
 * @param requestIdField name of the field that carries the request id
 */
public record HttpTerms(HttpConfig config, ForwardedFields forwarded, AsciiBytes requestIdField) {
  static HttpTerms of(HttpConfig config) {
    return new HttpTerms(
        config, ForwardedFields.of(config.forwarded()), AsciiBytes.of(config.requestId().header()));
  }
}
