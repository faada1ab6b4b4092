package io.lockgate.exchange;

import io.lockgate.upstream.UpstreamFailure;
import java.util.Locale;

/**
 * Everything that can go wrong with an exchange: whose fault it is and what the client is told. A
 * new failure is reviewed by reading its line.
 */
public enum Failure {
  NONE(Blame.NOBODY, 200, ""),
  UNKNOWN_HOST(Blame.CLIENT, 404, "no such host here"),
  MISDIRECTED(Blame.CLIENT, 421, "this connection does not serve that host"),
  CLIENT_CERTIFICATE_REQUIRED(
      Blame.CLIENT, 403, "this host demands a client certificate, which takes TLS"),
  NO_ROUTE(Blame.CLIENT, 404, "nothing is served at this path"),
  METHOD_NOT_ALLOWED(Blame.CLIENT, 405, "this method is not served at this path"),
  CONTENT_TOO_LARGE(Blame.CLIENT, 413, "the content is larger than accepted here"),
  CONTENT_MALFORMED(Blame.CLIENT, 400, "the content is not framed as HTTP requires"),
  HEAD_TOO_LARGE(Blame.CLIENT, 431, "the fields are larger than the server accepts"),
  TOO_MANY_REQUESTS(Blame.CLIENT, 429, "too many requests"),
  TOO_MANY_IN_FLIGHT(Blame.CLIENT, 429, "too many requests at a time"),
  REQUEST_TIMEOUT(Blame.CLIENT, 408, "the request did not arrive in time"),
  CLIENT_CLOSED(Blame.CLIENT, 499, "the client left"),
  CLIENT_STALLED(Blame.CLIENT, 408, "the client stopped reading"),
  TUNNEL_IDLE(Blame.NOBODY, 408, "nothing was said for too long"),
  CONNECT_FAILED(Blame.UPSTREAM, 502, "the server cannot be reached"),
  CONNECT_TIMEOUT(Blame.UPSTREAM, 504, "the server did not accept a connection in time"),
  TLS_VERIFY_FAILED(Blame.UPSTREAM, 502, "the server cannot be trusted"),
  TLS_HANDSHAKE_FAILED(Blame.UPSTREAM, 502, "there is no secure connection to the server"),
  WRONG_PROTOCOL(Blame.UPSTREAM, 502, "the server does not speak the protocol expected"),
  WEBSOCKET_NOT_OFFERED(Blame.UPSTREAM, 501, "the server takes no WebSocket over HTTP/2"),
  REFUSED_STREAM(Blame.UPSTREAM, 502, "the server refused the request"),
  NO_SERVER(Blame.UPSTREAM, 503, "no server takes requests at the moment"),
  NAME_UNRESOLVED(Blame.UPSTREAM, 502, "the server cannot be found"),
  QUEUE_FULL(Blame.UPSTREAM, 503, "too many requests are waiting"),
  WAIT_TIMEOUT(Blame.UPSTREAM, 503, "no connection became free in time"),
  CLOSED_BEFORE_RESPONSE(Blame.UPSTREAM, 502, "the server closed the connection"),
  RESPONSE_TIMEOUT(Blame.UPSTREAM, 504, "the server did not answer in time"),
  TRY_TIMEOUT(Blame.UPSTREAM, 504, "the server did not answer in time"),
  RESPONSE_MALFORMED(Blame.UPSTREAM, 502, "the server's answer is not valid HTTP"),
  CLOSED_IN_RESPONSE(Blame.UPSTREAM, 502, "the server closed the connection in its answer"),
  RESPONSE_CONTENT_MALFORMED(Blame.UPSTREAM, 502, "the server's answer is not valid HTTP"),
  RESPONSE_CONTENT_TIMEOUT(Blame.UPSTREAM, 504, "the server stopped in its answer"),
  ROUTE_TIMEOUT(Blame.UPSTREAM, 504, "the answer took too long"),
  PATH_UNSAFE(Blame.CLIENT, 400, "the path cannot be rewritten safely"),
  PATH_UNDECIDED(Blame.PROXY, 500, "the path cannot be compared with the routes in time"),
  OUT_OF_MEMORY(Blame.PROXY, 503, "the proxy has no memory to spare"),
  DRAINED(Blame.PROXY, 503, "the proxy is shutting down");

  private final Blame blame;
  private final int status;
  private final String sentence;
  private final String label;

  Failure(Blame blame, int status, String sentence) {
    this.blame = blame;
    this.status = status;
    this.sentence = sentence;
    this.label = name().equals("NONE") ? "" : name().toLowerCase(Locale.ROOT);
  }

  /** Whose fault it is. */
  public enum Blame {
    NOBODY,
    CLIENT,
    UPSTREAM,
    PROXY
  }

  public Blame blame() {
    return blame;
  }

  /** What the client is answered, as long as no response has begun. */
  public int status() {
    return status;
  }

  /** For the client, so without anything about the inside. */
  public String sentence() {
    return sentence;
  }

  /** For metrics and logs. */
  public String label() {
    return label;
  }

  static Failure of(UpstreamFailure failure) {
    return switch (failure) {
      case CONNECT_FAILED -> CONNECT_FAILED;
      case CONNECT_TIMEOUT -> CONNECT_TIMEOUT;
      case TLS_VERIFY_FAILED -> TLS_VERIFY_FAILED;
      case TLS_HANDSHAKE_FAILED -> TLS_HANDSHAKE_FAILED;
      case WRONG_PROTOCOL -> WRONG_PROTOCOL;
      case WEBSOCKET_NOT_OFFERED -> WEBSOCKET_NOT_OFFERED;
      case REFUSED_STREAM, CONNECTION_ENDING -> REFUSED_STREAM;
      case HEAD_TOO_LARGE -> HEAD_TOO_LARGE;
      case NO_SERVER -> NO_SERVER;
      case NAME_UNRESOLVED -> NAME_UNRESOLVED;
      case QUEUE_FULL -> QUEUE_FULL;
      case WAIT_TIMEOUT -> WAIT_TIMEOUT;
      case CLOSED_BEFORE_RESPONSE -> CLOSED_BEFORE_RESPONSE;
      case RESPONSE_TIMEOUT -> RESPONSE_TIMEOUT;
      case RESPONSE_MALFORMED -> RESPONSE_MALFORMED;
      case CLOSED_IN_RESPONSE -> CLOSED_IN_RESPONSE;
      case CONTENT_MALFORMED -> RESPONSE_CONTENT_MALFORMED;
      case CONTENT_TIMEOUT -> RESPONSE_CONTENT_TIMEOUT;
    };
  }
}
