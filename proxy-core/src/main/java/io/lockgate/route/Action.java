package io.lockgate.route;

import io.lockgate.http.AsciiBytes;
import io.lockgate.upstream.Upstream;

/** What a route does with a request. */
public sealed interface Action {
  /** Hands it to an upstream. */
  record Forward(Upstream upstream) implements Action {}

  /** Answers with a redirect. */
  record Redirect(int status, AsciiBytes location) implements Action {}

  /**
   * Answers with a fixed body.
   *
   * @param body never changed
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Respond(int status, byte[] body, AsciiBytes contentType) implements Action {}
}
