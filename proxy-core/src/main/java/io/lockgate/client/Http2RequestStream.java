package io.lockgate.client;

import io.lockgate.exchange.ClientStream;
import io.lockgate.exchange.Exchange;
import io.lockgate.exchange.ExchangeSummary.ClientProtocol;
import io.lockgate.exchange.Failure;
import io.lockgate.http.DeclaredLength;
import io.lockgate.http.FieldSection;
import io.lockgate.http.Framing;
import io.lockgate.http.HttpVersion;
import io.lockgate.http.Method;
import io.lockgate.http.RequestHead;
import io.lockgate.http.ResponseHead;
import io.lockgate.http.WebSocketHandshake;
import io.lockgate.loop.Deadline;
import io.lockgate.loop.Deadlines;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;

/**
 * One request on an HTTP/2 connection. It is also the deadline by which more of the request must
 * have come, or more of the response have been taken. On the connection's event loop.
 */
final class Http2RequestStream extends Deadline implements ClientStream {
  /**
   * What a client that waits for nothing else must take of its response within the time allowed for
   * content: windows opened octet by octet are a way of not reading.
   */
  private static final int LEAST_TAKEN = 1024;

  private final ClientConnection connection;
  private final ResponseFrames responses;
  private final Http2Stream stream;
  private RequestHead head;
  private Exchange exchange;
  private ByteBuf held;
  private ChannelFuture lastWrite;
  private long declared;
  private long received;
  private int unconsumed;
  private long sentWhenArmed;
  private boolean dataWanted = true;
  private boolean requestEnded;
  private boolean content;
  private boolean endSent;
  private boolean queued;

  /** What passes is WebSocket, in both directions. */
  private boolean tunnel;

  Http2RequestStream(
      ClientConnection connection, ResponseFrames responses, Http2Stream stream, RequestHead head) {
    this.connection = connection;
    this.responses = responses;
    this.stream = stream;
    this.head = head;
    this.declared = head.contentLength();
  }

  void start(Exchange started, boolean end) {
    exchange = started;
    requestEnded = end;
    armBody();
  }

  Http2Stream stream() {
    return stream;
  }

  /**
   * Content of the request, still owned by the caller.
   *
   * @param flowControlled octets that count for flow control, padding included
   * @return how many of those the client may send anew at once; -1 if the content breaks its
   *     declared length
   */
  int data(ByteBuf data, int flowControlled, boolean end) {
    received += data.readableBytes();
    if (!DeclaredLength.agrees(declared, received, end)) {
      return -1;
    }
    if (exchange == null) {
      return flowControlled;
    }
    requestEnded = end;
    if (data.isReadable()) {
      exchange.requestData(data.retain());
    }
    if (end && exchange != null) {
      exchange.requestEnd(responses.noTrailers());
    }
    armBody();
    if (dataWanted || exchange == null) {
      return flowControlled;
    }
    unconsumed += flowControlled;
    return 0;
  }

  /** The request's trailer section; false if content was missing before it. */
  boolean trailers(FieldSection trailers) {
    if (!DeclaredLength.agrees(declared, received, true)) {
      return false;
    }
    requestEnded = true;
    if (exchange != null) {
      exchange.requestEnd(trailers);
    }
    armBody();
    return true;
  }

  void writabilityChanged() {
    if (exchange != null) {
      boolean writable = writable();
      exchange.clientWritable(writable);
      armWrite(writable);
    }
  }

  /** The stream is gone, whether the exchange was over or not. */
  void closed() {
    disarm();
    releaseHeld();
    if (exchange != null) {
      exchange.clientGone();
    }
  }

  // ---- the exchange's side

  @Override
  public ClientProtocol protocol() {
    return ClientProtocol.H2;
  }

  @Override
  public void sendInterim(ResponseHead interim) {
    if (alive()) {
      responses.head(stream, interim, Method.GET, false);
    }
  }

  @Override
  public void sendHead(ResponseHead answer, Method request) {
    if (!alive()) {
      return;
    }
    content =
        answer.framing() != Framing.NONE && request != Method.HEAD && answer.contentLength() != 0;
    endSent = !content;
    ChannelFuture written = responses.head(stream, answer, request, endSent);
    if (endSent) {
      lastWrite = written;
    } else if (!writable()) {
      // A stream whose window was never open is told of no change.
      arm();
    }
  }

  @Override
  public void sendSwitch(ResponseHead consent, WebSocketHandshake handshake) {
    if (!alive()) {
      return;
    }
    consent.granted(HttpVersion.HTTP_2);
    content = true;
    tunnel = true;
    responses.head(stream, consent, Method.GET, false);
    armBody();
    if (connection.ending()) {
      closeTunnel();
    }
  }

  /** The connection is to end, which would take a WebSocket too long to wait for. */
  void closeTunnel() {
    if (exchange != null) {
      exchange.closeTunnel();
    }
  }

  /** Held back until something follows, so that the last content carries the end of the stream. */
  @Override
  public void sendData(ByteBuf data) {
    if (!content || endSent || !alive() || !data.isReadable()) {
      data.release();
      return;
    }
    writeHeld(false);
    armTunnel();
    held = data;
    queue();
  }

  private void queue() {
    if (!queued) {
      queued = true;
      responses.queue(this);
    }
  }

  @Override
  public void sendEnd(FieldSection trailers) {
    if (endSent || !alive()) {
      return;
    }
    endSent = true;
    if (trailers.liveCount() > 0) {
      writeHeld(false);
      lastWrite = responses.trailers(stream, trailers);
    } else {
      writeHeld(true);
    }
  }

  /** The turn ends: what is held leaves without knowing what follows. */
  void flush() {
    if (!endSent) {
      writeHeld(false);
    }
  }

  /** What could leave has left; whatever is still here waits for the client. */
  void flushed() {
    queued = false;
    if (exchange == null && lastWrite != null && !lastWrite.isDone() && alive()) {
      arm();
    }
  }

  private void writeHeld(boolean end) {
    if (held == null && !end) {
      return;
    }
    ByteBuf data = held == null ? Unpooled.EMPTY_BUFFER : held;
    held = null;
    ChannelFuture written = responses.data(stream, data, end);
    if (end) {
      lastWrite = written;
      queue();
    }
  }

  @Override
  public void abort() {
    releaseHeld();
    endSent = true;
    // RFC 8441 section 5: CANCEL stands for the reset of a TCP connection.
    responses.reset(stream, tunnel ? Http2Error.CANCEL : Http2Error.INTERNAL_ERROR);
  }

  @Override
  public boolean writable() {
    return responses.writable(stream);
  }

  @Override
  public void wantData(boolean wanted) {
    dataWanted = wanted;
    armBody();
    if (wanted && unconsumed > 0) {
      int credit = unconsumed;
      unconsumed = 0;
      responses.consumed(stream, credit);
    }
  }

  @Override
  public void exchangeEnded(boolean requestComplete) {
    exchange = null;
    disarm();
    connection.giveBack(head);
    head = null;
    int credit = unconsumed;
    unconsumed = 0;
    if (credit > 0) {
      responses.consumed(stream, credit);
    }
    if ((!requestComplete || !requestEnded) && lastWrite != null) {
      // RFC 9113 section 8.1: the response is complete, the rest of the request is not wanted.
      lastWrite.addListener(done -> responses.reset(stream, Http2Error.NO_ERROR));
    }
  }

  private boolean alive() {
    return stream.state() != Http2Stream.State.CLOSED;
  }

  private void releaseHeld() {
    if (held != null) {
      held.release();
      held = null;
    }
  }

  // ---- waiting

  private void armBody() {
    if (exchange == null) {
      return;
    }
    if (tunnel) {
      armTunnel();
    } else if (!requestEnded && dataWanted) {
      arm();
    } else {
      deadlines().pause(this);
    }
  }

  private void armTunnel() {
    if (tunnel) {
      deadlines().arm(this, connection.http().webSocket().idleTimeout());
    }
  }

  private void armWrite(boolean writable) {
    if (tunnel) {
      return;
    }
    if (writable) {
      armBody();
    } else {
      arm();
    }
  }

  private void arm() {
    sentWhenArmed = responses.sent(stream);
    deadlines().arm(this, connection.http().bodyIdleTimeout());
  }

  private Deadlines deadlines() {
    return connection.loop().deadlines();
  }

  private void disarm() {
    deadlines().disarm(this);
  }

  @Override
  protected void expired() {
    if (exchange != null && tunnel) {
      exchange.endTunnel(Failure.TUNNEL_IDLE);
      return;
    }
    boolean taking = responses.sent(stream) - sentWhenArmed >= LEAST_TAKEN;
    if (taking && (exchange == null || !writable())) {
      arm();
    } else if (exchange == null || exchange.responding()) {
      responses.reset(stream, Http2Error.CANCEL);
    } else {
      exchange.requestBroken(Failure.REQUEST_TIMEOUT);
    }
  }
}
