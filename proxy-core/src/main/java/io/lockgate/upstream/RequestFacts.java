package io.lockgate.upstream;

import io.lockgate.http.FieldSection;

/**
 * What the choice of a server may depend on. Asked only by upstreams that are balanced by it, on
 * the event loop of the request.
 */
public interface RequestFacts {
  /** Of the client itself, as far as proxies in front of us are believed; without port. */
  String clientAddress();

  /**
   * Whether another server is asked where one cannot be connected to.
   *
   * @param unlessSaid what the upstream says of it
   */
  default boolean connectsElsewhere(boolean unlessSaid) {
    return unlessSaid;
  }

  /** As they are sent to the server. */
  FieldSection fields();

  /**
   * What servers that want to know are told of the client's connection; the same object for all
   * requests of a connection.
   */
  default Announcement announcement() {
    return Announcement.OF_NOBODY;
  }
}
