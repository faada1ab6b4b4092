package io.lockgate.upstream;

import io.lockgate.http.DeclaredLength;
import io.lockgate.http.FieldSection;
import io.lockgate.http.Framing;
import io.lockgate.http.FramingRule;
import io.lockgate.http.HeadVerdict;
import io.lockgate.http.Method;
import io.lockgate.http.RequestCheck;
import io.lockgate.http.ResponseCheck;
import io.lockgate.http.ResponseHead;
import io.lockgate.http2.FrameOutput;
import io.lockgate.http2.TrailerFields;
import io.lockgate.loop.Deadline;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.Locale;

/**
 * One request and its response on an HTTP/2 connection to a server. It is also the deadline by
 * which the response, or more of it, must have come. On the connection's event loop.
 *
 * <p>Content that the client does not take keeps the stream's window shut, so that at most a window
 * of it is ever held here; other streams of the connection do not notice.
 *
 * <pre>
 *   BEGUN -sendHead-> HEAD -head-> CONTENT -end-> CLOSED
 * </pre>
 */
final class Http2UpstreamStream extends Deadline implements UpstreamStream {
  private static final int MAX_INTERIM_RESPONSES = 16;

  private enum State {
    BEGUN,
    HEAD,
    CONTENT,
    CLOSED
  }

  private final Http2UpstreamConnection connection;
  private final boolean reused;
  private UpstreamEvents events;
  private Http2Stream stream;
  private State state = State.BEGUN;
  private Method method = Method.OTHER;
  private boolean requestSent;
  private boolean dataWanted = true;
  private boolean refused;
  private long declared;
  private long received;
  private int unconsumed;
  private int interim;
  private long sentNanos;

  /** The request would leave HTTP. */
  private boolean webSocket;

  /** The server has agreed to it. */
  private boolean tunnel;

  Http2UpstreamStream(Http2UpstreamConnection connection, UpstreamEvents events, boolean reused) {
    this.connection = connection;
    this.events = events;
    this.reused = reused;
  }

  // ---- the request

  private FrameOutput output() {
    return connection.output();
  }

  private void reset(Http2Error error) {
    if (stream != null) {
      output().reset(stream, error);
    }
  }

  private ServerSlot slot() {
    return connection.slot();
  }

  @Override
  public String server() {
    return slot().server.label();
  }

  @Override
  public String address() {
    return slot().server.address();
  }

  @Override
  public boolean reused() {
    return reused;
  }

  @Override
  public void sendHead(OutboundRequest request, boolean end) {
    assert state == State.BEGUN : state;
    state = State.HEAD;
    method = request.method();
    requestSent = end;
    webSocket = request.webSocket().isPresent();
    sentNanos = slot().timed() ? connection.nanoTime() : 0;
    if (webSocket && !connection.offersConnect()) {
      connection.later(() -> fail(UpstreamFailure.WEBSOCKET_NOT_OFFERED));
      return;
    }
    if (!connection.takes(request)) {
      connection.later(() -> fail(UpstreamFailure.HEAD_TOO_LARGE));
      return;
    }
    stream = connection.open(this, request, end && !webSocket);
    if (stream == null) {
      // Not at once: whoever sends is not done with sending.
      connection.later(() -> fail(UpstreamFailure.CONNECTION_ENDING));
    } else if (end || !writable()) {
      connection.arm(this);
    }
  }

  @Override
  public void sendData(ByteBuf data) {
    if (!sending() || !data.isReadable()) {
      data.release();
      return;
    }
    connection.contentSent(data.readableBytes());
    output().data(stream, data, false);
  }

  @Override
  public void sendEnd(FieldSection trailers) {
    if (!sending()) {
      return;
    }
    requestSent = true;
    if (trailers.liveCount() > 0) {
      output().headers(stream, TrailerFields.of(trailers), true);
    } else {
      output().data(stream, Unpooled.EMPTY_BUFFER, true);
    }
    if (state == State.HEAD) {
      connection.arm(this);
    }
  }

  private boolean sending() {
    return state != State.CLOSED && !requestSent && stream != null;
  }

  @Override
  public boolean writable() {
    return stream != null && output().writable(stream);
  }

  void writabilityChanged() {
    if (state == State.CLOSED) {
      return;
    }
    boolean writable = writable();
    if (state == State.HEAD && !requestSent) {
      // A server that neither reads the request nor answers it must not hold it for ever.
      if (writable) {
        connection.pause(this);
      } else {
        connection.arm(this);
      }
    }
    events.writabilityChanged(writable);
  }

  @Override
  public void wantData(boolean wanted) {
    dataWanted = wanted;
    if (state == State.CLOSED) {
      return;
    }
    if (wanted) {
      awaitContent();
      int credit = unconsumed;
      unconsumed = 0;
      if (credit > 0) {
        output().consumed(stream, credit);
      }
    } else {
      connection.pause(this);
    }
  }

  @Override
  public void giveUp() {
    if (state != State.CLOSED) {
      tell(UpstreamFailure.RESPONSE_TIMEOUT);
      cancel();
    }
  }

  @Override
  public void cancel() {
    if (state != State.CLOSED) {
      over();
      reset(Http2Error.CANCEL);
    }
  }

  // ---- the response

  /** A header block; false if it breaks a rule. */
  boolean headers(ResponseHead head, int maxFields, boolean end) {
    return switch (state) {
      case HEAD -> answer(head, maxFields, end);
      case CONTENT -> trailers(head.fields(), maxFields);
      case BEGUN, CLOSED -> true;
    };
  }

  private boolean answer(ResponseHead head, int maxFields, boolean end) {
    String offence = offence(head, maxFields, end);
    if (!offence.isEmpty()) {
      return malformed(UpstreamFailure.RESPONSE_MALFORMED, offence);
    }
    if (head.interim()) {
      if (requestSent) {
        connection.arm(this);
      }
      events.informational(head);
      return true;
    }
    tunnel = webSocket && head.status() < 300;
    slot().answered(head.status(), slot().timed() ? connection.nanoTime() - sentNanos : 0);
    state = State.CONTENT;
    declared = head.framing() == Framing.NONE ? 0 : head.contentLength();
    if (tunnel) {
      requestSent = false;
      declared = -1;
      connection.pause(this);
      events.switched(head);
    } else {
      awaitContent();
      events.head(head);
    }
    if (end && state == State.CONTENT) {
      complete(connection.noTrailers());
    }
    return true;
  }

  /** The rule that the head breaks, or nothing. */
  private String offence(ResponseHead head, int maxFields, boolean end) {
    if (head.fields().count() > maxFields) {
      return FramingRule.TOO_MANY_FIELDS.label();
    }
    if (ResponseCheck.http2(head, method, end) instanceof HeadVerdict.Refused refused) {
      return refused.rule().label();
    }
    if (head.interim() && end) {
      return "no_final_response";
    }
    return head.interim() && ++interim > MAX_INTERIM_RESPONSES ? "too_many_interim_responses" : "";
  }

  private boolean trailers(FieldSection trailers, int maxFields) {
    String offence = "";
    if (trailers.count() > maxFields) {
      offence = FramingRule.TOO_MANY_FIELDS.label();
    } else if (!DeclaredLength.agrees(declared, received, true)) {
      offence = FramingRule.CONTENT_LENGTH_EXCEEDED.label();
    } else if (RequestCheck.http2Trailers(trailers) instanceof HeadVerdict.Refused refused) {
      offence = refused.rule().label();
    }
    if (!offence.isEmpty()) {
      return malformed(UpstreamFailure.CONTENT_MALFORMED, offence);
    }
    complete(trailers);
    return true;
  }

  /**
   * Content, still owned by the caller.
   *
   * @param flowControlled octets that count for flow control, padding included
   * @return how many of those the server may send anew at once; -1 if the content breaks a rule
   */
  int data(ByteBuf data, int flowControlled, boolean end) {
    if (state == State.CLOSED) {
      return flowControlled;
    }
    received += data.readableBytes();
    if (state != State.CONTENT) {
      malformed(UpstreamFailure.RESPONSE_MALFORMED, "content_before_head");
      return -1;
    }
    if (!DeclaredLength.agrees(declared, received, end)) {
      malformed(UpstreamFailure.CONTENT_MALFORMED, FramingRule.CONTENT_LENGTH_EXCEEDED.label());
      return -1;
    }
    awaitContent();
    if (data.isReadable()) {
      events.data(data.retain());
    }
    if (end && state == State.CONTENT) {
      complete(connection.noTrailers());
    }
    if (dataWanted || state == State.CLOSED) {
      return flowControlled;
    }
    unconsumed += flowControlled;
    return 0;
  }

  private void awaitContent() {
    if (state == State.CONTENT && !tunnel) {
      if (dataWanted) {
        connection.arm(this);
      } else {
        connection.pause(this);
      }
    }
  }

  private void complete(FieldSection trailers) {
    UpstreamEvents ended = over();
    if (!requestSent || (webSocket && !tunnel)) {
      // RFC 9113 section 8.1: the response is complete, so the rest of the request is not wanted.
      reset(Http2Error.CANCEL);
    }
    ended.ended(trailers);
  }

  // ---- the end

  /** The server has reset the stream. */
  void resetBy(long code) {
    refused = code == Http2Error.REFUSED_STREAM.code();
  }

  /** The stream is gone, whether the response was complete or not. */
  void closed(boolean neverProcessed) {
    boolean unanswered = state == State.HEAD;
    if (unanswered && neverProcessed) {
      fail(UpstreamFailure.CONNECTION_ENDING);
    } else if (unanswered && refused) {
      fail(UpstreamFailure.REFUSED_STREAM);
    } else {
      fail(
          unanswered ? UpstreamFailure.CLOSED_BEFORE_RESPONSE : UpstreamFailure.CLOSED_IN_RESPONSE);
    }
  }

  /** The server has broken the rules; nothing on its connection can be believed. */
  void malformed(Http2Error error) {
    boolean unanswered = state == State.HEAD;
    malformed(
        unanswered ? UpstreamFailure.RESPONSE_MALFORMED : UpstreamFailure.CONTENT_MALFORMED,
        "h2_" + error.name().toLowerCase(Locale.ROOT));
  }

  private boolean malformed(UpstreamFailure failure, String reason) {
    if (state != State.CLOSED) {
      events.malformed(reason);
      fail(failure);
    }
    return false;
  }

  private void fail(UpstreamFailure failure) {
    if (state != State.CLOSED) {
      tell(failure);
      over().failed(failure);
    }
  }

  /** What it says about the server: one that refuses a request in time is as it should be. */
  private void tell(UpstreamFailure failure) {
    switch (failure) {
      case REFUSED_STREAM, CONNECTION_ENDING, HEAD_TOO_LARGE, WEBSOCKET_NOT_OFFERED -> {}
      default -> slot().failed(failure, reused);
    }
  }

  private UpstreamEvents over() {
    UpstreamEvents told = events;
    events = null;
    boolean opened = state != State.BEGUN && stream != null;
    state = State.CLOSED;
    connection.disarm(this);
    connection.requestOver(opened);
    return told;
  }

  @Override
  protected void expired() {
    UpstreamFailure failure =
        state == State.HEAD ? UpstreamFailure.RESPONSE_TIMEOUT : UpstreamFailure.CONTENT_TIMEOUT;
    connection.silent();
    tell(failure);
    UpstreamEvents failed = over();
    reset(Http2Error.CANCEL);
    failed.failed(failure);
  }
}
