package io.lockgate.config.model;

import java.time.Duration;
import java.util.List;

/**
 * What every HTTP connection from a client is promised and held to. Sizes in bytes.
 *
 * @param bodyIdleTimeout longest silence in the middle of a request's or a response's content
 * @param errorPages of hosts that have none of their own for a status, and of no host
 */
public record HttpConfig(
    int maxHeaderBytes,
    int maxHeaderCount,
    int maxRequestLine,
    Duration headerTimeout,
    Duration idleTimeout,
    Duration bodyIdleTimeout,
    ErrorPages errorPages,
    Http2 h2,
    Forwarded forwarded,
    RequestId requestId,
    WebSocket webSocket) {

  /** With the proxy's own words for every error. */
  public HttpConfig(
      int maxHeaderBytes,
      int maxHeaderCount,
      int maxRequestLine,
      Duration headerTimeout,
      Duration idleTimeout,
      Duration bodyIdleTimeout,
      Http2 h2,
      Forwarded forwarded,
      RequestId requestId,
      WebSocket webSocket) {
    this(
        maxHeaderBytes,
        maxHeaderCount,
        maxRequestLine,
        headerTimeout,
        idleTimeout,
        bodyIdleTimeout,
        ErrorPages.NONE,
        h2,
        forwarded,
        requestId,
        webSocket);
  }

  /**
   * HTTP/2 settings and abuse limits; each limit counts frames of a kind within {@code window}.
   *
   * @param maxEmptyFrames in a row
   * @param maxSmallFrames of content, each of a few octets
   * @param maxWindowUpdates beyond those that frames of content sent explain
   * @param maxOtherFrames priorities, GOAWAY and frames of unknown types
   */
  public record Http2(
      int maxConcurrentStreams,
      int initialWindow,
      Duration window,
      int maxResets,
      int maxSettings,
      int maxPings,
      int maxEmptyFrames,
      int maxSmallFrames,
      int maxWindowUpdates,
      int maxOtherFrames) {}

  /**
   * How clients may leave HTTP for WebSocket.
   *
   * @param enabled whether they may at all
   * @param idleTimeout longest time in which neither side says anything
   */
  public record WebSocket(boolean enabled, Duration idleTimeout) {}

  /** The fields that tell an upstream who the client was. */
  public record Forwarded(List<CidrBlock> trusted, boolean xForwarded, boolean forwarded) {
    public Forwarded {
      trusted = List.copyOf(trusted);
    }
  }

  /** The id that joins a response, a log line and an upstream's log. */
  public record RequestId(String header, boolean trustClient) {}
}
