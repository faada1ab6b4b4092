package io.lockgate.exchange;

import io.lockgate.config.model.UpstreamConfig.Retry.Condition;
import io.lockgate.http.AsciiBytes;
import io.lockgate.http.FieldName;
import io.lockgate.http.FieldSection;
import io.lockgate.http.Framing;
import io.lockgate.http.HeadWriter;
import io.lockgate.http.HopByHop;
import io.lockgate.http.Method;
import io.lockgate.http.RequestHead;
import io.lockgate.http.ResponseHead;
import io.lockgate.limit.RequestLimiter;
import io.lockgate.loop.Deadline;
import io.lockgate.route.Action;
import io.lockgate.route.Route;
import io.lockgate.tls.TlsFacts;
import io.lockgate.upstream.Announcement;
import io.lockgate.upstream.Attempt;
import io.lockgate.upstream.OutboundRequest;
import io.lockgate.upstream.RequestFacts;
import io.lockgate.upstream.Upstream;
import io.lockgate.upstream.UpstreamEvents;
import io.lockgate.upstream.UpstreamFailure;
import io.lockgate.upstream.UpstreamStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.Optional;

/**
 * One request and its response, whatever protocols carry them. Knows neither sockets nor channels:
 * it answers on a {@link ClientStream}, asks an {@link Upstream}, and tells its listener exactly
 * once how it ended. On one event loop only.
 *
 * <pre>
 *   request half:  STREAMING -> SENT | ABANDONED
 *   response half: AWAITED -> STREAMING -> SENT | ABANDONED
 * </pre>
 *
 * It ends when both halves are over. A response may end before its request has: then the rest of
 * the request is abandoned.
 */
public final class Exchange
    implements UpstreamEvents, OutboundRequest, RequestFacts, ExchangeSummary {
  private enum RequestHalf {
    STREAMING,
    SENT,
    ABANDONED
  }

  private enum ResponseHalf {
    AWAITED,
    STREAMING,
    SENT,
    ABANDONED
  }

  private static final FieldSection NO_TRAILERS = new FieldSection();

  /** Of requests without content, which are repeatable as they are. */
  private static final SentContent NOTHING_KEPT = new SentContent(0);

  private final ExchangeTerms terms;
  private final ClientFacts client;
  private final ClientStream stream;
  private final RequestHead head;
  private final String host;
  private final Optional<AsciiBytes> hsts;
  private final AsciiBytes requestId;
  private final String clientAddress;
  private final long startNanos;

  private Route route;
  private Upstream upstream;
  private UpstreamStream server;
  private RequestHalf request = RequestHalf.STREAMING;
  private ResponseHalf response = ResponseHalf.AWAITED;
  private Failure failure = Failure.NONE;
  private RouteTimeout timeout;
  private EarlyContent early;
  private SentContent sent = NOTHING_KEPT;
  private TryTimeout tryTimeout;
  private boolean headSent;
  private boolean ended;
  private long requestBytes;
  private long responseBytes;
  private long attemptNanos;
  private long upstreamNanos;
  private String serverLabel = "";
  private String serverAddress = "";
  private int status;
  private int retries;
  private boolean metStale;
  private long retryAfter;

  /** Among the requests that a limit lets be in flight; negative without one. */
  private long place = -1;

  /**
   * @param head checked; belongs to the exchange until {@link ClientStream#exchangeEnded}
   * @param host label of the configured host, or {@code other}
   * @param hsts value of Strict-Transport-Security, where the host has one and TLS is spoken
   */
  public Exchange(
      ExchangeTerms terms,
      ClientFacts client,
      ClientStream stream,
      RequestHead head,
      String host,
      Optional<AsciiBytes> hsts) {
    this.terms = terms;
    this.client = client;
    this.stream = stream;
    this.head = head;
    this.host = host;
    this.hsts = hsts;
    this.startNanos = terms.loop().nanoTime();
    this.requestId = terms.requestId(head);
    // Before the fields that say so are extended for the upstream.
    this.clientAddress = client.forwarded().clientAddress(head);
    if (head.framing() == Framing.NONE) {
      request = RequestHalf.SENT;
    }
    terms.listener().started();
  }

  // ---- beginning

  /** Serves the request by a route. */
  public void serve(Route by) {
    route = by;
    if (terms.memory().refusesRequests()) {
      limit(Failure.OUT_OF_MEMORY, 0);
      return;
    }
    if (by.limiter().isPresent() && !takePlace(by.limiter().get())) {
      return;
    }
    if (head.contentLength() > route.maxBody()) {
      refuse(Failure.CONTENT_TOO_LARGE, "");
      return;
    }
    if (route.action() instanceof Action.Forward forward) {
      forward(forward.upstream());
    } else if (route.action() instanceof Action.Redirect redirect) {
      redirect(redirect.status(), redirect.location());
    } else if (route.action() instanceof Action.Respond respond) {
      ResponseHead answer = new ResponseHead().compose(respond.status(), respond.body().length);
      answer.fields().append(FieldName.CONTENT_TYPE, respond.contentType());
      answer(answer, Unpooled.wrappedBuffer(respond.body()));
    } else {
      throw new AssertionError(route.action());
    }
  }

  private boolean takePlace(RequestLimiter limiter) {
    long taken = RequestKey.take(limiter, head, client);
    if (taken >= 0) {
      place = taken;
      return true;
    }
    limit(
        taken == RequestLimiter.BUSY ? Failure.TOO_MANY_IN_FLIGHT : Failure.TOO_MANY_REQUESTS,
        RequestLimiter.secondsToWait(taken));
    return false;
  }

  /**
   * Answers that a limit is reached.
   *
   * @param retrySeconds after which the client may try again; 0 where that goes without saying
   */
  public void limit(Failure why, long retrySeconds) {
    terms.listener().limited(why.label());
    retryAfter = retrySeconds;
    refuse(why, "");
  }

  /** Answers with a redirect. */
  public void redirect(int redirectStatus, AsciiBytes location) {
    ResponseHead answer = new ResponseHead().compose(redirectStatus, 0);
    answer.fields().append(FieldName.LOCATION, location);
    answer(answer, Unpooled.EMPTY_BUFFER);
  }

  /** Answers a request for the server itself (OPTIONS *). */
  public void answerEmpty(int emptyStatus) {
    answer(new ResponseHead().compose(emptyStatus, 0), Unpooled.EMPTY_BUFFER);
  }

  /**
   * Answers with an error that has nothing to do with an upstream.
   *
   * @param allow value of Allow, or empty
   */
  public void refuse(Failure why, String allow) {
    failure = why;
    if (response != ResponseHalf.AWAITED) {
      abandon();
      return;
    }
    ByteBuf body =
        ErrorResponse.body(
            ByteBufAllocator.DEFAULT, why.status(), why.sentence(), requestId.toString());
    ResponseHead answer = new ResponseHead();
    ErrorResponse.compose(answer, why.status(), body.readableBytes());
    if (retryAfter > 0) {
      answer.fields().append(FieldName.RETRY_AFTER, AsciiBytes.of(Long.toString(retryAfter)));
    }
    if (!allow.isEmpty()) {
      answer.fields().append("Allow", allow);
    }
    answer(answer, body);
  }

  private void answer(ResponseHead answer, ByteBuf body) {
    release();
    respond(answer);
    if (body.isReadable()) {
      responseBytes += head.method() == Method.HEAD ? 0 : body.readableBytes();
      stream.sendData(body);
    } else {
      body.release();
    }
    endResponse(NO_TRAILERS);
  }

  private void forward(Upstream to) {
    upstream = to;
    HopByHop.strip(head);
    client.forwarded().apply(head);
    FieldSection fields = head.fields();
    fields.removeAll(terms.requestIdText());
    fields.append(terms.requestIdField(), requestId);
    route.requestEdits().apply(fields);
    if (route.timeoutNanos() > 0) {
      timeout = new RouteTimeout();
      terms.loop().deadlines().arm(timeout, route.timeoutNanos());
    }
    if (request == RequestHalf.STREAMING) {
      sent = new SentContent(upstream.replayBytes());
      stream.wantData(false);
    }
    upstream.open(terms.loop(), this, this, Attempt.FIRST);
  }

  // ---- the client's side

  /** Content of the request; takes it over. */
  public void requestData(ByteBuf data) {
    if (request != RequestHalf.STREAMING) {
      data.release();
      return;
    }
    requestBytes += data.readableBytes();
    terms.memory().contentCame();
    if (route != null && requestBytes > route.maxBody()) {
      data.release();
      cancelServer(Failure.CONTENT_TOO_LARGE);
      refuse(Failure.CONTENT_TOO_LARGE, "");
    } else if (!headSent) {
      early().add(data);
    } else {
      sent.sending(data);
      server.sendData(data);
      if (server != null && !server.writable()) {
        stream.wantData(false);
      }
    }
  }

  /**
   * The request's content has ended.
   *
   * @param trailers may be empty; valid during the call only
   */
  public void requestEnd(FieldSection trailers) {
    if (request != RequestHalf.STREAMING) {
      return;
    }
    if (headSent) {
      request = RequestHalf.SENT;
      sent.ending(trailers.count() > 0);
      server.sendEnd(trailers);
    } else {
      early().end(trailers);
    }
  }

  private EarlyContent early() {
    if (early == null) {
      early = new EarlyContent();
    }
    return early;
  }

  /** The client's content cannot be understood or stopped coming; nothing of it follows. */
  public void requestBroken(Failure why) {
    if (ended) {
      return;
    }
    cancelServer(why);
    request = request == RequestHalf.STREAMING ? RequestHalf.ABANDONED : request;
    refuse(why, "");
  }

  /** The client can take more of the response, or should get no more for now. */
  public void clientWritable(boolean writable) {
    if (server != null && response == ResponseHalf.STREAMING) {
      server.wantData(writable);
    }
  }

  /** The client's connection or stream is gone. */
  public void clientGone() {
    if (ended) {
      return;
    }
    failure = failure == Failure.NONE ? Failure.CLIENT_CLOSED : failure;
    if (response == ResponseHalf.AWAITED) {
      status = Failure.CLIENT_CLOSED.status();
    }
    cancelServer(Failure.CLIENT_CLOSED);
    request = request == RequestHalf.STREAMING ? RequestHalf.ABANDONED : request;
    response = response == ResponseHalf.SENT ? response : ResponseHalf.ABANDONED;
    endIfOver();
  }

  /** Whether the response's content has been waiting for the client to read. */
  public boolean responding() {
    return response == ResponseHalf.STREAMING;
  }

  // ---- the upstream's side

  @Override
  public boolean wanted() {
    return !ended && response == ResponseHalf.AWAITED;
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
    opened.sendHead(this, request == RequestHalf.SENT && !sent.begun());
    if (sent.begun()) {
      sendAgain();
    }
    if (request == RequestHalf.STREAMING) {
      sendEarly();
    }
  }

  private void sendAgain() {
    server.sendData(sent.again());
    if (request == RequestHalf.SENT && server != null) {
      server.sendEnd(NO_TRAILERS);
    }
  }

  private void armTryTimeout() {
    if (upstream.perTryNanos() > 0) {
      tryTimeout = tryTimeout == null ? new TryTimeout() : tryTimeout;
      terms.loop().deadlines().arm(tryTimeout, upstream.perTryNanos());
    }
  }

  private void disarmTryTimeout() {
    if (tryTimeout != null) {
      terms.loop().deadlines().disarm(tryTimeout);
    }
  }

  private void sendEarly() {
    if (early != null) {
      if (early.ended()) {
        request = RequestHalf.SENT;
      }
      early.sendTo(server, sent);
      early = null;
    }
    if (request == RequestHalf.STREAMING && server.writable()) {
      stream.wantData(true);
    }
  }

  @Override
  public void notOpened(UpstreamFailure why, String at) {
    if (!wanted()) {
      return;
    }
    serverLabel = at;
    attemptEnded(Failure.of(why).label(), 0);
    refuse(Failure.of(why), "");
  }

  @Override
  public void informational(ResponseHead interim) {
    HopByHop.strip(interim);
    stream.sendInterim(interim);
  }

  @Override
  public void head(ResponseHead answer) {
    HopByHop.strip(answer);
    route.responseEdits().apply(answer.fields());
    upstream.sign(terms.loop(), answer, this, serverAddress);
    disarmTryTimeout();
    sent.release();
    status = answer.status();
    respond(answer);
    if (!stream.writable() && server != null) {
      server.wantData(false);
    }
  }

  private void respond(ResponseHead answer) {
    status = answer.status();
    FieldSection fields = answer.fields();
    if (hsts.isPresent()) {
      fields.replace(FieldName.STRICT_TRANSPORT_SECURITY, hsts.get());
    }
    fields.removeAll(terms.requestIdText());
    fields.append(terms.requestIdField(), requestId);
    response = ResponseHalf.STREAMING;
    stream.sendHead(answer, head.method());
  }

  @Override
  public void data(ByteBuf data) {
    if (response != ResponseHalf.STREAMING) {
      data.release();
      return;
    }
    responseBytes += data.readableBytes();
    terms.memory().contentCame();
    stream.sendData(data);
    if (!stream.writable() && server != null) {
      server.wantData(false);
    }
  }

  @Override
  public void ended(FieldSection trailers) {
    server = null;
    attemptEnded(STATUS_CLASSES[status / 100], terms.loop().nanoTime() - attemptNanos);
    endResponse(trailers);
  }

  @Override
  public void failed(UpstreamFailure why) {
    boolean reused = server != null && server.reused();
    server = null;
    attemptEnded(Failure.of(why).label(), terms.loop().nanoTime() - attemptNanos);
    boolean again =
        why == UpstreamFailure.REFUSED_STREAM ? mayAskElsewhere() : mayRetry(why, reused);
    if (again) {
      retry(reused && why != UpstreamFailure.REFUSED_STREAM);
    } else {
      refuse(Failure.of(why), "");
    }
  }

  private boolean mayRetry(UpstreamFailure why, boolean reused) {
    return why == UpstreamFailure.CLOSED_BEFORE_RESPONSE
        && repeatable()
        && (wasStale(reused)
            || upstream.takeRetry(terms.loop(), Condition.RESET_BEFORE_RESPONSE, attemptsTaken()));
  }

  /** RFC 9113 section 8.7: the server has not begun with it, so any method may be sent again. */
  private boolean mayAskElsewhere() {
    return response == ResponseHalf.AWAITED
        && sent.repeatable()
        && upstream.takeRetry(terms.loop(), Condition.REFUSED_STREAM, attemptsTaken());
  }

  private void retry(boolean fresh) {
    retries++;
    headSent = false;
    if (request == RequestHalf.STREAMING) {
      stream.wantData(false);
    }
    terms.upstreamListener().retried(upstream.name());
    upstream.open(terms.loop(), this, this, new Attempt(fresh ? "" : serverAddress, fresh));
  }

  /** RFC 9110 section 9.2.2: only what is idempotent is sent again, and only what we still have. */
  private boolean repeatable() {
    return response == ResponseHalf.AWAITED && head.method().idempotent() && sent.repeatable();
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

  @Override
  public void writabilityChanged(boolean writable) {
    if (request == RequestHalf.STREAMING && headSent && early == null) {
      stream.wantData(writable);
    }
  }

  private void attemptEnded(String result, long nanos) {
    upstreamNanos += nanos;
    terms.upstreamListener().attemptEnded(upstream.name(), serverLabel, result, nanos);
  }

  // ---- ending

  private void endResponse(FieldSection trailers) {
    if (response != ResponseHalf.STREAMING) {
      return;
    }
    response = ResponseHalf.SENT;
    if (request == RequestHalf.STREAMING) {
      boolean complete = early != null && early.ended();
      request = complete ? RequestHalf.SENT : RequestHalf.ABANDONED;
    }
    stream.sendEnd(trailers);
    endIfOver();
  }

  private void abandon() {
    if (response == ResponseHalf.SENT || response == ResponseHalf.ABANDONED) {
      return;
    }
    response = ResponseHalf.ABANDONED;
    request = request == RequestHalf.STREAMING ? RequestHalf.ABANDONED : request;
    stream.abort();
    endIfOver();
  }

  private void cancelServer(Failure why) {
    if (server != null) {
      UpstreamStream cancelled = server;
      server = null;
      attemptEnded(why.label(), terms.loop().nanoTime() - attemptNanos);
      if (why == Failure.ROUTE_TIMEOUT || why == Failure.TRY_TIMEOUT) {
        cancelled.giveUp();
      } else {
        cancelled.cancel();
      }
    }
  }

  private void endIfOver() {
    boolean requestOver = request != RequestHalf.STREAMING;
    boolean responseOver = response == ResponseHalf.SENT || response == ResponseHalf.ABANDONED;
    if (ended || !requestOver || !responseOver) {
      return;
    }
    ended = true;
    if (timeout != null) {
      terms.loop().deadlines().disarm(timeout);
    }
    release();
    if (place >= 0) {
      route.limiter().get().release(place);
    }
    terms.listener().ended(this);
    stream.exchangeEnded(request == RequestHalf.SENT);
  }

  private void release() {
    disarmTryTimeout();
    sent.release();
    if (early != null) {
      early.release();
    }
  }

  /** The server has not begun to answer; another one may be quicker. */
  private final class TryTimeout extends Deadline {
    @Override
    protected void expired() {
      if (server == null || response != ResponseHalf.AWAITED) {
        return;
      }
      cancelServer(Failure.TRY_TIMEOUT);
      if (repeatable() && upstream.takeRetryAfterTimeout(terms.loop(), attemptsTaken())) {
        retry(false);
      } else {
        refuse(Failure.TRY_TIMEOUT, "");
      }
    }
  }

  private final class RouteTimeout extends Deadline {
    @Override
    protected void expired() {
      cancelServer(Failure.ROUTE_TIMEOUT);
      refuse(Failure.ROUTE_TIMEOUT, "");
    }
  }

  // ---- the request as an upstream sees it

  @Override
  public boolean chunked() {
    return head.framing() == Framing.CHUNKED || head.framing() == Framing.UNTIL_END;
  }

  @Override
  public void writeHttp1Head(ByteBuf out) {
    HeadWriter.request(out, head, skippedPath(), false);
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
  public Announcement announcement() {
    return client;
  }

  @Override
  public FieldSection fields() {
    return head.fields();
  }

  // ---- the summary

  private static final String[] STATUS_CLASSES = {
    "0xx", "1xx", "2xx", "3xx", "4xx", "5xx", "6xx", "7xx", "8xx", "9xx"
  };

  @Override
  public String listener() {
    return client.listener();
  }

  @Override
  public String host() {
    return host;
  }

  @Override
  public ClientProtocol protocol() {
    return stream.protocol();
  }

  @Override
  public String methodText() {
    return head.methodText();
  }

  @Override
  public String target() {
    return head.target();
  }

  @Override
  public int status() {
    return status;
  }

  @Override
  public long requestBytes() {
    return requestBytes;
  }

  @Override
  public long responseBytes() {
    return responseBytes;
  }

  @Override
  public long durationNanos() {
    return terms.loop().nanoTime() - startNanos;
  }

  @Override
  public String upstream() {
    return upstream == null ? "" : upstream.name();
  }

  @Override
  public String server() {
    return serverLabel;
  }

  @Override
  public long upstreamNanos() {
    return upstreamNanos;
  }

  @Override
  public int retries() {
    return retries;
  }

  @Override
  public TlsFacts tls() {
    return client.tls();
  }

  @Override
  public String clientAddress() {
    return clientAddress;
  }

  @Override
  public String requestId() {
    return requestId.toString();
  }

  @Override
  public String userAgent() {
    return head.fields().valueOf(FieldName.USER_AGENT);
  }

  @Override
  public String referer() {
    return head.fields().valueOf(FieldName.REFERER);
  }

  @Override
  public String error() {
    return failure.label();
  }
}
