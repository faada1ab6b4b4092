package io.lockgate.upstream;

/** Why an attempt at a server gave no response, or no whole one. */
public enum UpstreamFailure {
  /** Every server refused the connection or could not be reached; nothing was sent. */
  CONNECT_FAILED,
  /** Nothing was sent. */
  CONNECT_TIMEOUT,
  /** The server's certificate was not accepted; nothing was sent. */
  TLS_VERIFY_FAILED,
  /** There is no TLS with the server, for any other reason; nothing was sent. */
  TLS_HANDSHAKE_FAILED,
  /** The server does not speak the protocol that it should; nothing was sent. */
  WRONG_PROTOCOL,
  /** The server speaks HTTP/2 and takes no WebSocket over it; nothing was sent. */
  WEBSOCKET_NOT_OFFERED,
  /** The server has told that it did not begin with the request. */
  REFUSED_STREAM,
  /** The same because it ends the connection, and not for want of room. */
  CONNECTION_ENDING,
  /** The head is larger than the server has said it takes; nothing was sent. */
  HEAD_TOO_LARGE,
  /** An operator keeps all servers from requests. */
  NO_SERVER,
  /** No server has an address. */
  NAME_UNRESOLVED,
  /** As many requests wait for a connection as may. */
  QUEUE_FULL,
  /** No connection became free in time. */
  WAIT_TIMEOUT,
  /** The connection ended after the request was begun and before any of the response. */
  CLOSED_BEFORE_RESPONSE,
  /** No response head in time. */
  RESPONSE_TIMEOUT,
  /** The head broke a rule of framing or a limit. */
  RESPONSE_MALFORMED,
  /** The connection ended in the middle of the response. */
  CLOSED_IN_RESPONSE,
  /** The content broke a rule of framing. */
  CONTENT_MALFORMED,
  /** The content stopped arriving. */
  CONTENT_TIMEOUT;

  /** Whether the request is known to be as if it had never been sent, whatever its method. */
  public boolean untouched() {
    return this == REFUSED_STREAM || this == CONNECTION_ENDING;
  }
}
