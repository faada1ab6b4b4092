package io.lockgate.upstream;

import io.lockgate.http.FieldSection;

/**
 * What the choice of a server may depend on. Asked only by upstreams that are balanced by it, on
 * the event loop of the request.
 */
public interface RequestFacts {
  /** Of the client itself, as far as proxies in front of us are believed; without port. */
  String clientAddress();

  /** As they are sent to the server. */
  FieldSection fields();
}
