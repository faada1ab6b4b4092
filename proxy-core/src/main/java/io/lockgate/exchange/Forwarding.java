package io.lockgate.exchange;

import io.lockgate.config.model.UpstreamConfig.Retry.Condition;
import io.lockgate.http.FieldSection;
import io.lockgate.http.Framing;
import io.lockgate.http.HeadWriter;
import io.lockgate.http.HopByHop;
import io.lockgate.http.Method;
import io.lockgate.http.RequestHead;
import io.lockgate.http.ResponseHead;
import io.lockgate.http.WebSocketHandshake;
import io.lockgate.loop.Deadline;
import io.lockgate.route.Route;
import io.lockgate.upstream.Announcement;
import io.lockgate.upstream.Attempt;
import io.lockgate.upstream.OutboundRequest;
import io.lockgate.upstream.RequestFacts;
import io.lockgate.upstream.Upstream;
import io.lockgate.upstream.UpstreamEvents;
import io.lockgate.upstream.UpstreamFailure;
import io.lockgate.upstream.UpstreamStream;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/**
 * The servers' side of an exchange: the request as they see it, one attempt after another, and the
 * time they may take. What the client is told is the {@link Exchange}'s business. On one event loop
 * only.
 */
final class Forwarding implements UpstreamEvents, OutboundRequest, RequestFacts {
  private static final FieldSection NO_TRAILERS = new FieldSection();

  /** Of requests without content, which are repeatable as they are. */
  private static final SentContent NOTHING_KEPT = new SentContent(0);

  private static final String[] STATUS_CLASSES = {
    "0xx", "1xx", "2xx", "3xx", "4xx", "5xx", "6xx", "7xx", "8xx", "9xx"
  };

  private final Exchange exchange;
  private final ExchangeTerms terms;
  private final ClientStream client;
  private final RequestHead head;
  private final Route route;
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

  /** Present where the client asks to change to WebSocket. */
  private final Optional<WebSocketHandshake> webSocket;

  private boolean switched;
  private String serverLabel = "";
  private String serverAddress = "";
  private long attemptNanos;
  private long switchedNanos;
  private long upstreamNanos;
  private int retries;
  private boolean metStale;

  Forwarding(
      Exchange exchange,
      ExchangeTerms terms,
      ClientStream client,
      RequestHead head,
      Route route,
      Upstream upstream,
      Optional<WebSocketHandshake> webSocket) {
    this.exchange = exchange;
    this.terms = terms;
    this.client = client;
    this.head = head;
    this.route = route;
    this.upstream = upstream;
    this.webSocket = webSocket;
  }

  /** Looks for a server; the head is as it is to be sent. */
  void start() {
    if (route.timeoutNanos() > 0) {
      timeout = new RouteTimeout();
      terms.loop().deadlines().arm(timeout, route.timeoutNanos());
    }
    if (exchange.receiving()) {
      sent = new SentContent(upstream.replayBytes());
      client.wantData(false);
    }
    upstream.open(terms.loop(), this, this, Attempt.FIRST);
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
      client.wantData(false);
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
    return headSent && (webSocket.isEmpty() || switched);
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
    attemptNanos = terms.loop().nanoTime();
    headSent = true;
    armTryTimeout();
    if (webSocket.isPresent()) {
      opened.sendHead(this, true);
      return;
    }
    opened.sendHead(this, allReceived() && !sent.begun());
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
      client.wantData(true);
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
    client.sendInterim(interim);
  }

  @Override
  public void head(ResponseHead answer) {
    HopByHop.strip(answer);
    route.responseEdits().apply(answer.fields(), exchange);
    upstream.sign(terms.loop(), answer, this, serverAddress);
    disarmTryTimeout();
    sent.release();
    transform = exchange.transform(answer);
    exchange.respond(answer);
    if (transform != null && head.method() != Method.HEAD) {
      exchange.responseData(transform.begin());
    }
    pauseIfFull();
  }

  @Override
  public void switched(ResponseHead consent) {
    HopByHop.strip(consent);
    consent.fields().removeAll(WebSocketHandshake.ACCEPT);
    route.responseEdits().apply(consent.fields(), exchange);
    upstream.sign(terms.loop(), consent, this, serverAddress);
    disarmTryTimeout();
    if (timeout != null) {
      // It bounds an answer, and a conversation is none.
      terms.loop().deadlines().disarm(timeout);
    }
    sent.release();
    switched = true;
    switchedNanos = terms.loop().nanoTime();
    exchange.switched(consent, webSocket.orElseThrow());
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
    if (server != null && !client.writable()) {
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
      client.wantData(writable);
    }
  }

  @Override
  public void malformed(String reason) {
    terms.upstreamListener().responseRefused(upstream.name(), reason);
  }

  @Override
  public void failed(UpstreamFailure why) {
    boolean reused = server != null && server.reused();
    server = null;
    if (why == UpstreamFailure.WEBSOCKET_NOT_OFFERED && upstream.speaksEither() && wanted()) {
      headSent = false;
      upstream.open(terms.loop(), this, this, Attempt.OVER_HTTP_1);
      return;
    }
    attemptEnded(Failure.of(why).label(), attemptTook());
    boolean untouched =
        why == UpstreamFailure.REFUSED_STREAM || why == UpstreamFailure.CONNECTION_ENDING;
    if (untouched ? mayAskElsewhere(why) : mayRetry(why, reused)) {
      retry(reused && !untouched);
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
    return (switched ? switchedNanos : terms.loop().nanoTime()) - attemptNanos;
  }

  private void attemptEnded(String result, long nanos) {
    upstreamNanos += nanos;
    terms.upstreamListener().attemptEnded(upstream.name(), serverLabel, result, nanos);
  }

  // ---- another attempt

  private boolean mayRetry(UpstreamFailure why, boolean reused) {
    return why == UpstreamFailure.CLOSED_BEFORE_RESPONSE
        && repeatable()
        && (wasStale(reused) || takeRetry(Condition.RESET_BEFORE_RESPONSE));
  }

  /**
   * RFC 9113 section 8.7: the server has not begun with it, so any method may be sent again. Once
   * for nothing where the connection was ending, as with a stale one; a server that has no room
   * would be buried under further requests without a budget.
   */
  private boolean mayAskElsewhere(UpstreamFailure why) {
    if (!exchange.awaitsResponse() || !sent.repeatable()) {
      return false;
    }
    return wasStale(why == UpstreamFailure.CONNECTION_ENDING)
        || takeRetry(Condition.REFUSED_STREAM);
  }

  private boolean takeRetry(Condition condition) {
    return route.retry().allow(condition, attemptsTaken()) && upstream.takeRetry(terms.loop());
  }

  private void retry(boolean fresh) {
    retries++;
    headSent = false;
    if (exchange.receiving()) {
      client.wantData(false);
    }
    terms.upstreamListener().retried(upstream.name());
    upstream.open(terms.loop(), this, this, new Attempt(fresh ? "" : serverAddress, fresh));
  }

  /** RFC 9110 section 9.2.2: only what is idempotent is sent again, and only what we still have. */
  private boolean repeatable() {
    return exchange.awaitsResponse() && head.method().idempotent() && sent.repeatable();
  }

  /**
   * A kept connection that closes when it is used again was closed before the request came, as a
   * rule (RFC 9112 section 9.3.1): asking again on a new one is no retry that needs permission.
   */
  private boolean wasStale(boolean reused) {
    boolean first = reused && !metStale;
    metStale |= reused;
    return first;
  }

  private int attemptsTaken() {
    return metStale ? Math.max(0, retries - 1) : retries;
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
      terms.loop().deadlines().disarm(timeout);
    }
  }

  private void armTryTimeout() {
    if (route.retry().perTryNanos() > 0) {
      tryTimeout = tryTimeout == null ? new TryTimeout() : tryTimeout;
      terms.loop().deadlines().arm(tryTimeout, route.retry().perTryNanos());
    }
  }

  private void disarmTryTimeout() {
    if (tryTimeout != null) {
      terms.loop().deadlines().disarm(tryTimeout);
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
      if (repeatable()
          && attemptsTaken() < route.retry().attempts()
          && upstream.takeRetry(terms.loop())) {
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

  // ---- the request as an upstream sees it

  @Override
  public boolean chunked() {
    return head.framing() == Framing.CHUNKED || head.framing() == Framing.UNTIL_END;
  }

  @Override
  public Optional<WebSocketHandshake> webSocket() {
    return webSocket;
  }

  @Override
  public void writeHttp1Head(ByteBuf out) {
    if (webSocket.isPresent()) {
      HeadWriter.webSocketRequest(out, head, skippedPath(), webSocket.get());
    } else {
      HeadWriter.request(out, head, skippedPath(), false);
    }
  }

  @Override
  public void visitHttp2Head(boolean https, HeadWriter.FieldVisitor visitor) {
    HeadWriter.visitRequest(head, skippedPath(), https, visitor);
  }

  private int skippedPath() {
    return route.stripPrefix() == 0 ? 0 : head.path().rawLength(route.stripPrefix());
  }

  @Override
  public Method method() {
    return head.method();
  }

  @Override
  public FieldSection fields() {
    return head.fields();
  }

  @Override
  public Announcement announcement() {
    return exchange.client();
  }

  @Override
  public String clientAddress() {
    return exchange.clientAddress();
  }

  @Override
  public boolean connectsElsewhere(boolean unlessSaid) {
    return route.retry().connectElsewhere();
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

  int retries() {
    return retries;
  }
}
