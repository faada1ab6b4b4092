package io.lockgate.exchange;

import io.lockgate.http.FieldSection;
import io.lockgate.http.HopByHop;
import io.lockgate.http.Method;
import io.lockgate.http.ResponseHead;
import io.lockgate.http.WebSocketHandshake;
import io.lockgate.loop.Deadline;
import io.lockgate.loop.Loop;
import io.lockgate.upstream.Attempt;
import io.lockgate.upstream.Upstream;
import io.lockgate.upstream.UpstreamEvents;
import io.lockgate.upstream.UpstreamFailure;
import io.lockgate.upstream.UpstreamStream;
import io.netty.buffer.ByteBuf;

/**
 * The servers' side of an exchange: one attempt after another, and the time they may take. What the
 * client is told is the {@link Exchange}'s business. On one event loop only.
 */
final class Forwarding implements UpstreamEvents {
  private static final FieldSection NO_TRAILERS = new FieldSection();

  /** Of requests without content, which are repeatable as they are. */
  private static final SentContent NOTHING_KEPT = new SentContent(0);

  private static final String[] STATUS_CLASSES = {
    "0xx", "1xx", "2xx", "3xx", "4xx", "5xx", "6xx", "7xx", "8xx", "9xx"
  };

  private final Exchange exchange;
  private final ForwardedRequest request;
  private final Upstream upstream;

  /** Null while there is none. */
  private UpstreamStream server;

  private RouteTimeout timeout;
  private TryTimeout tryTimeout;

  /** Null where content passes as it is. */
  private ResponseTransform transform;

  private EarlyContent early;
  private SentContent sent = NOTHING_KEPT;
  private boolean headSent;
  private boolean switched;
  private String serverLabel = "";
  private String serverAddress = "";
  private long attemptNanos;
  private long switchedNanos;
  private long upstreamNanos;

  /** Null while no attempt has failed. */
  private Retries retries;

  Forwarding(Exchange exchange, ForwardedRequest request, Upstream upstream) {
    this.exchange = exchange;
    this.request = request;
    this.upstream = upstream;
  }

  /** Looks for a server; the head is as it is to be sent. */
  void start() {
    long timeoutNanos = exchange.route().timeoutNanos();
    if (timeoutNanos > 0) {
      timeout = new RouteTimeout();
      loop().deadlines().arm(timeout, timeoutNanos);
    }
    if (exchange.receiving()) {
      sent = new SentContent(upstream.replayBytes());
      client().wantData(false);
    }
    upstream.open(loop(), this, request, Attempt.FIRST);
  }

  private Loop loop() {
    return exchange.terms().loop();
  }

  private ClientStream client() {
    return exchange.stream();
  }

  // ---- what the client sends

  /** Content of the request; takes it over. */
  void sendData(ByteBuf data) {
    if (!passing()) {
      early().add(data);
      return;
    }
    if (!switched) {
      sent.sending(data);
    }
    server.sendData(data);
    if (server != null && !server.writable()) {
      client().wantData(false);
    }
  }

  /** The end of the request's content. */
  void sendEnd(FieldSection trailers) {
    if (passing()) {
      sent.ending(trailers.count() > 0);
      server.sendEnd(trailers);
    } else {
      early().end(trailers);
    }
  }

  /** Whether what the client sends may go to the server: not before both speak WebSocket. */
  private boolean passing() {
    return headSent && (request.webSocket().isEmpty() || switched);
  }

  private EarlyContent early() {
    if (early == null) {
      early = new EarlyContent();
    }
    return early;
  }

  /** Whether more of the response is wanted. */
  void wantData(boolean wanted) {
    if (server != null) {
      server.wantData(wanted);
    }
  }

  // ---- an attempt

  @Override
  public boolean wanted() {
    return exchange.unanswered();
  }

  @Override
  public void opened(UpstreamStream opened) {
    if (!wanted()) {
      opened.cancel();
      return;
    }
    server = opened;
    serverLabel = opened.server();
    serverAddress = opened.address();
    attemptNanos = loop().nanoTime();
    headSent = true;
    armTryTimeout();
    if (request.webSocket().isPresent()) {
      opened.sendHead(request, true);
      return;
    }
    opened.sendHead(request, allReceived() && !sent.begun());
    if (sent.begun()) {
      sendAgain();
    }
    if (!allReceived()) {
      sendEarly();
    }
  }

  /** Whether nothing of the request is still to be sent for the first time. */
  private boolean allReceived() {
    return !exchange.receiving() && early == null;
  }

  private void sendAgain() {
    server.sendData(sent.again());
    if (allReceived() && server != null) {
      server.sendEnd(NO_TRAILERS);
    }
  }

  private void sendEarly() {
    if (early != null) {
      early.sendTo(server, sent);
      early = null;
    }
    if (exchange.receiving() && server.writable()) {
      client().wantData(true);
    }
  }

  @Override
  public void notOpened(UpstreamFailure why, String at) {
    if (!wanted()) {
      return;
    }
    serverLabel = at;
    attemptEnded(Failure.of(why).label(), 0);
    exchange.refuse(Failure.of(why), "");
  }

  @Override
  public void informational(ResponseHead interim) {
    HopByHop.strip(interim);
    client().sendInterim(interim);
  }

  @Override
  public void head(ResponseHead answer) {
    HopByHop.strip(answer);
    exchange.route().responseEdits().apply(answer.fields(), request);
    upstream.sign(loop(), answer, request, serverAddress);
    disarmTryTimeout();
    sent.release();
    transform = exchange.transform(answer);
    exchange.respond(answer);
    if (transform != null && request.method() != Method.HEAD) {
      exchange.responseData(transform.begin());
    }
    pauseIfFull();
  }

  @Override
  public void switched(ResponseHead consent) {
    HopByHop.strip(consent);
    consent.fields().removeAll(WebSocketHandshake.ACCEPT);
    exchange.route().responseEdits().apply(consent.fields(), request);
    upstream.sign(loop(), consent, request, serverAddress);
    disarmTryTimeout();
    if (timeout != null) {
      // It bounds an answer, and a conversation is none.
      loop().deadlines().disarm(timeout);
    }
    sent.release();
    switched = true;
    switchedNanos = loop().nanoTime();
    exchange.switched(consent, request.webSocket().orElseThrow());
    pauseIfFull();
    if (server != null) {
      sendEarly();
    }
  }

  @Override
  public void data(ByteBuf data) {
    exchange.responseData(transform == null ? data : transform.data(data));
    if (transform != null && transform.wasteful()) {
      cutShort();
      return;
    }
    pauseIfFull();
  }

  private void pauseIfFull() {
    if (server != null && !client().writable()) {
      server.wantData(false);
    }
  }

  @Override
  public void ended(FieldSection trailers) {
    server = null;
    attemptEnded(STATUS_CLASSES[exchange.status() / 100], attemptTook());
    if (transform != null) {
      exchange.responseData(transform.end());
    }
    exchange.endResponse(trailers);
  }

  /** The client has all that it gets. */
  private void cutShort() {
    if (server != null) {
      UpstreamStream cut = server;
      server = null;
      attemptEnded(STATUS_CLASSES[exchange.status() / 100], attemptTook());
      cut.cancel();
    }
    exchange.endResponse(NO_TRAILERS);
  }

  @Override
  public void writabilityChanged(boolean writable) {
    if (exchange.receiving() && passing() && early == null) {
      client().wantData(writable);
    }
  }

  @Override
  public void malformed(String reason) {
    exchange.terms().upstreamListener().responseRefused(upstream.name(), reason);
  }

  @Override
  public void failed(UpstreamFailure why) {
    boolean reused = server != null && server.reused();
    server = null;
    if (why == UpstreamFailure.WEBSOCKET_NOT_OFFERED && upstream.speaksEither() && wanted()) {
      headSent = false;
      upstream.open(loop(), this, request, Attempt.OVER_HTTP_1);
      return;
    }
    attemptEnded(Failure.of(why).label(), attemptTook());
    if (retries().takeAfter(why, reused)) {
      retry(reused && !why.untouched());
    } else {
      fail(Failure.of(why));
    }
  }

  private void fail(Failure why) {
    if (transform != null && transform.complete()) {
      exchange.endResponse(NO_TRAILERS);
    } else {
      exchange.refuse(why, "");
    }
  }

  /** A conversation is not counted; it lasts as long as its sides like. */
  private long attemptTook() {
    return (switched ? switchedNanos : loop().nanoTime()) - attemptNanos;
  }

  private void attemptEnded(String result, long nanos) {
    upstreamNanos += nanos;
    exchange.terms().upstreamListener().attemptEnded(upstream.name(), serverLabel, result, nanos);
  }

  // ---- another attempt

  private Retries retries() {
    if (retries == null) {
      retries = new Retries(exchange, upstream, sent);
    }
    return retries;
  }

  private void retry(boolean fresh) {
    headSent = false;
    if (exchange.receiving()) {
      client().wantData(false);
    }
    exchange.terms().upstreamListener().retried(upstream.name());
    upstream.open(loop(), this, request, new Attempt(fresh ? "" : serverAddress, fresh));
  }

  // ---- ending

  /** Gives the server up, if there is one. */
  void cancel(Failure why) {
    if (server == null) {
      return;
    }
    UpstreamStream cancelled = server;
    server = null;
    attemptEnded(switched ? STATUS_CLASSES[1] : why.label(), attemptTook());
    if (why == Failure.ROUTE_TIMEOUT || why == Failure.TRY_TIMEOUT) {
      cancelled.giveUp();
    } else {
      cancelled.cancel();
    }
  }

  /** The client has its answer or no longer waits; nothing is sent again. */
  void release() {
    disarmTryTimeout();
    sent.release();
    if (early != null) {
      early.release();
    }
  }

  /** The exchange is over. */
  void end() {
    release();
    if (transform != null) {
      transform.release();
      transform = null;
    }
    if (timeout != null) {
      loop().deadlines().disarm(timeout);
    }
  }

  private void armTryTimeout() {
    long perTryNanos = exchange.route().retry().perTryNanos();
    if (perTryNanos > 0) {
      tryTimeout = tryTimeout == null ? new TryTimeout() : tryTimeout;
      loop().deadlines().arm(tryTimeout, perTryNanos);
    }
  }

  private void disarmTryTimeout() {
    if (tryTimeout != null) {
      loop().deadlines().disarm(tryTimeout);
    }
  }

  /** The server has not begun to answer; another one may be quicker. */
  private final class TryTimeout extends Deadline {
    @Override
    protected void expired() {
      if (server == null || !exchange.awaitsResponse()) {
        return;
      }
      cancel(Failure.TRY_TIMEOUT);
      if (retries().takeAfterTryTimeout()) {
        retry(false);
      } else {
        exchange.refuse(Failure.TRY_TIMEOUT, "");
      }
    }
  }

  private final class RouteTimeout extends Deadline {
    @Override
    protected void expired() {
      cancel(Failure.ROUTE_TIMEOUT);
      fail(Failure.ROUTE_TIMEOUT);
    }
  }

  // ---- for the summary

  String upstream() {
    return upstream.name();
  }

  String server() {
    return serverLabel;
  }

  long upstreamNanos() {
    return upstreamNanos;
  }

  int retryCount() {
    return retries == null ? 0 : retries.count();
  }
}
