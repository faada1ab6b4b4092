package io.lockgate.client;

import io.lockgate.exchange.Exchange;
import io.lockgate.http.FramingRule;
import io.lockgate.http.HeadVerdict;
import io.lockgate.http.Method;
import io.lockgate.http.RequestCheck;
import io.lockgate.http.RequestHead;
import io.lockgate.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;

/**
 * Makes requests of the frames that a client sends. A malformed one is an error of its stream and
 * is never served (RFC 9113 section 8.1.1). On the connection's event loop.
 */
final class RequestFrames extends Http2FrameAdapter {
  private final ClientConnection connection;
  private final Http2Connection streams;
  private final Http2Connection.PropertyKey key;
  private final HeadSink sink;
  private final ResponseFrames responses;
  private final FrameLimits limits;
  private final RequestRouter router;

  RequestFrames(
      ClientConnection connection,
      Http2Connection streams,
      HeadSink sink,
      ResponseFrames responses,
      FrameLimits limits) {
    this.connection = connection;
    this.streams = streams;
    this.key = streams.newKey();
    this.sink = sink;
    this.responses = responses;
    this.limits = limits;
    this.router = new RequestRouter(connection);
  }

  /** The request on {@code stream}; null where none was accepted. */
  Http2RequestStream requestOn(Http2Stream stream) {
    return stream.getProperty(key);
  }

  /** Has every WebSocket take leave of its client. */
  void closeTunnels() {
    try {
      streams.forEachActiveStream(
          stream -> {
            Http2RequestStream request = requestOn(stream);
            if (request != null) {
              request.closeTunnel();
            }
            return true;
          });
    } catch (Http2Exception e) {
      throw new AssertionError("closeTunnel throws none", e);
    }
  }

  void forget(Http2Stream stream) {
    stream.removeProperty(key);
  }

  /** A header block has been decoded into the sink. */
  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx,
      int streamId,
      Http2Headers headers,
      int streamDependency,
      short weight,
      boolean exclusive,
      int padding,
      boolean end)
      throws Http2Exception {
    Http2Stream stream = streams.stream(streamId);
    Http2RequestStream known = requestOn(stream);
    if (known != null) {
      trailersRead(known, streamId, end);
    } else {
      headRead(stream, end);
    }
  }

  private void headRead(Http2Stream stream, boolean end) throws Http2Exception {
    RequestHead head = sink.takeHead();
    HeadVerdict verdict = RequestCheck.http2(head, end);
    if (verdict instanceof HeadVerdict.Accepted
        && head.fields().liveCount() > connection.http().maxHeaderCount()) {
      verdict = FramingRule.TOO_MANY_FIELDS.refusal();
    }
    if (head.upgrade() == RequestHead.Upgrade.WEBSOCKET
        && !connection.http().webSocket().enabled()) {
      verdict = FramingRule.METHOD_CONNECT.refusal();
    }
    if (verdict instanceof HeadVerdict.Refused refused && refused.rule().status() == 400) {
      connection.giveBack(head);
      throw refuse(stream.id(), refused.rule());
    }
    var request = new Http2RequestStream(connection, responses, stream, head);
    stream.setProperty(key, request);
    if (verdict instanceof HeadVerdict.Refused refused) {
      connection.tellRejected(refused.rule().label());
      answer(request, refused.rule());
      connection.giveBack(head);
      return;
    }
    responses.priorities().requested(stream, head.fields());
    Exchange exchange = router.begin(head, request);
    request.start(exchange, end);
    router.serve(exchange, head);
  }

  private void trailersRead(Http2RequestStream request, int streamId, boolean end)
      throws Http2Exception {
    if (!end) {
      throw Http2Exception.streamError(streamId, Http2Error.PROTOCOL_ERROR, "not the end");
    }
    HeadVerdict verdict = RequestCheck.http2Trailers(sink.fields());
    if (sink.fields().count() > connection.http().maxHeaderCount()) {
      verdict = FramingRule.TOO_MANY_FIELDS.refusal();
    }
    if (verdict instanceof HeadVerdict.Refused refused) {
      throw refuse(streamId, refused.rule());
    }
    if (!request.trailers(sink.fields())) {
      throw refuse(streamId, FramingRule.CONTENT_LENGTH_EXCEEDED);
    }
  }

  private Http2Exception refuse(int streamId, FramingRule rule) {
    connection.tellRejected(rule.label());
    return Http2Exception.streamError(streamId, Http2Error.PROTOCOL_ERROR, rule.sentence());
  }

  /** Answers what is well-formed but not accepted; no exchange comes of it. */
  private void answer(Http2RequestStream request, FramingRule rule) {
    ResponseHead answer = new ResponseHead().compose(rule.status(), 0);
    responses.head(request.stream(), answer, Method.GET, true);
    responses.reset(request.stream(), Http2Error.NO_ERROR);
  }

  @Override
  public int onDataRead(
      ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean end)
      throws Http2Exception {
    int flowControlled = data.readableBytes() + padding;
    Http2RequestStream request = requestOn(streams.stream(streamId));
    if (request == null) {
      return flowControlled;
    }
    int credit = request.data(data, flowControlled, end);
    if (credit < 0) {
      throw refuse(streamId, FramingRule.CONTENT_LENGTH_EXCEEDED);
    }
    return credit;
  }

  @Override
  public void onPingRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
    limits.pingRead();
  }

  @Override
  public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings)
      throws Http2Exception {
    limits.settingsRead();
  }
}
