package io.lockgate.exchange;

import io.lockgate.http.AsciiBytes;
import io.lockgate.http.FieldName;
import io.lockgate.http.FieldSection;
import io.lockgate.http.Framing;
import io.lockgate.http.MaxForwards;
import io.lockgate.http.Method;
import io.lockgate.http.OctetSink;
import io.lockgate.http.RequestHead;
import io.lockgate.http.ResponseHead;
import io.lockgate.http.WebSocketHandshake;
import io.lockgate.limit.RequestLimiter;
import io.lockgate.route.Action;
import io.lockgate.route.PathRewrite;
import io.lockgate.route.Route;
import io.lockgate.route.UndecidedPath;
import io.lockgate.tls.TlsFacts;
import io.lockgate.upstream.Upstream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.Optional;

/**
 * One request and its response, whatever protocols carry them. Knows neither sockets nor channels:
 * it answers on a {@link ClientStream}, by itself or through a {@link Forwarding} to an upstream,
 * and tells its listener exactly once how it ended. On one event loop only.
 *
 * <pre>
 *   request half:  STREAMING -> SENT | ABANDONED
 *   response half: AWAITED -> STREAMING -> SENT | ABANDONED
 * </pre>
 *
 * It ends when both halves are over. A response may end before its request has: then the rest of
 * the request is abandoned.
 */
public final class Exchange implements ExchangeSummary {
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

  private static final int SWITCHED = 101;
  private static final int NO_CONTENT = 204;
  private static final FieldSection NO_TRAILERS = new FieldSection();

  private final ExchangeTerms terms;
  private final ClientFacts client;
  private final ClientStream stream;
  private final RequestHead head;
  private final String host;
  private final Answers answers;
  private final AsciiBytes requestId;
  private final String clientAddress;
  private final long startNanos;
  private long endNanos;
  private final Trace trace;

  private Route route;

  /** Null where the proxy answers by itself. */
  private Forwarding forwarding;

  private RequestHalf request = RequestHalf.STREAMING;
  private ResponseHalf response = ResponseHalf.AWAITED;
  private Failure failure = Failure.NONE;
  private boolean ended;

  /** Both sides speak WebSocket; null before that. */
  private Tunnel tunnel;

  private long requestBytes;
  private long responseBytes;
  private int status;

  /** Among the requests that a limit lets be in flight; negative without one. */
  private long place = -1;

  /**
   * @param head checked; belongs to the exchange until {@link ClientStream#exchangeEnded}
   * @param host label of the configured host, or {@code other}
   * @param answers what the host puts into them
   */
  public Exchange(
      ExchangeTerms terms,
      ClientFacts client,
      ClientStream stream,
      RequestHead head,
      String host,
      Answers answers) {
    this.terms = terms;
    this.client = client;
    this.stream = stream;
    this.head = head;
    this.host = host;
    this.answers = answers;
    this.startNanos = terms.loop().nanoTime();
    this.requestId = terms.requestId(head);
    // Before the fields that say so are extended for the upstream.
    this.clientAddress = client.forwarded().clientAddress(head);
    if (head.framing() == Framing.NONE) {
      request = RequestHalf.SENT;
    }
    this.trace = terms.tracer().begin(head.fields());
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
    refuse(why, "", retrySeconds);
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
    refuse(why, allow, 0);
  }

  private void refuse(Failure why, String allow, long retrySeconds) {
    failure = why;
    if (response != ResponseHalf.AWAITED) {
      abandon();
      return;
    }
    ResponseHead answer = new ResponseHead();
    ByteBuf body =
        answers
            .errors()
            .compose(
                answer,
                ByteBufAllocator.DEFAULT,
                why.status(),
                why.sentence(),
                requestId,
                ErrorResponse.wantsJson(head.fields()));
    if (retrySeconds > 0) {
      answer.fields().append(FieldName.RETRY_AFTER, AsciiBytes.of(Long.toString(retrySeconds)));
    }
    if (!allow.isEmpty()) {
      answer.fields().append("Allow", allow);
    }
    answer(answer, body);
  }

  private void answer(ResponseHead answer, ByteBuf body) {
    if (forwarding != null) {
      forwarding.release();
    }
    respond(answer);
    if (body.isReadable()) {
      responseBytes += head.method() == Method.HEAD ? 0 : body.readableBytes();
      stream.sendData(body);
    } else {
      body.release();
    }
    endResponse(NO_TRAILERS);
  }

  /** False where the path has no other that could be forwarded; that has been answered. */
  private boolean rewritten(PathRewrite rewrite) {
    try {
      if (rewrite.apply(head)) {
        return true;
      }
      limit(Failure.PATH_UNSAFE, 0);
    } catch (UndecidedPath e) {
      limit(Failure.PATH_UNDECIDED, 0);
    }
    return false;
  }

  private void forward(Upstream to) {
    if (MaxForwards.reached(head)) {
      answerEmpty(NO_CONTENT);
      return;
    }
    if (route.rewrite().isPresent() && !rewritten(route.rewrite().get())) {
      return;
    }
    ForwardedRequest forwarded = new ForwardedRequest(this, head);
    if (forwarded.webSocket().isPresent()) {
      request = RequestHalf.STREAMING;
    }
    forwarding = new Forwarding(this, forwarded, to);
    forwarding.start();
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
    if (route != null && requestBytes > route.maxBody() && tunnel == null) {
      data.release();
      cancelServer(Failure.CONTENT_TOO_LARGE);
      refuse(Failure.CONTENT_TOO_LARGE, "");
    } else {
      forwarding.sendData(data);
    }
  }

  /**
   * The request's content has ended.
   *
   * @param trailers may be empty; valid during the call only
   */
  public void requestEnd(FieldSection trailers) {
    if (request == RequestHalf.STREAMING) {
      request = RequestHalf.SENT;
      forwarding.sendEnd(trailers);
    }
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
    if (forwarding != null && response == ResponseHalf.STREAMING) {
      forwarding.wantData(writable);
    }
  }

  /** The client's connection or stream is gone. */
  public void clientGone() {
    if (ended) {
      return;
    }
    failure = failure == Failure.NONE && tunnel == null ? Failure.CLIENT_CLOSED : failure;
    if (response == ResponseHalf.AWAITED) {
      status = Failure.CLIENT_CLOSED.status();
    }
    cancelServer(Failure.CLIENT_CLOSED);
    request = request == RequestHalf.STREAMING ? RequestHalf.ABANDONED : request;
    response = response == ResponseHalf.SENT ? response : ResponseHalf.ABANDONED;
    endIfOver();
  }

  /**
   * Neither side of a WebSocket has said anything for too long, or it is to end for another reason.
   */
  public void endTunnel(Failure why) {
    if (!ended && tunnel != null) {
      failure = why;
      cancelServer(why);
      endResponse(NO_TRAILERS);
    }
  }

  /**
   * A WebSocket is to end since its connection is: the client is told by a Close frame. No effect
   * on any other exchange.
   */
  public void closeTunnel() {
    if (!ended && tunnel != null && response == ResponseHalf.STREAMING) {
      tunnel.close();
    }
  }

  /** Whether the response's content has been waiting for the client to read. */
  public boolean responding() {
    return response == ResponseHalf.STREAMING;
  }

  // ---- the servers' side

  ExchangeTerms terms() {
    return terms;
  }

  ClientFacts client() {
    return client;
  }

  ClientStream stream() {
    return stream;
  }

  /** Only of an exchange that is served by one. */
  Route route() {
    return route;
  }

  /** Puts in the id of the request, in place of any other. */
  void identify(FieldSection fields) {
    terms.removeRequestId(fields);
    fields.append(terms.requestIdField(), requestId);
  }

  /** Puts in what a server is told of the trace. */
  void passTrace(FieldSection fields) {
    terms.tracer().pass(trace, fields);
  }

  /** Whether more of the request is to come from the client. */
  boolean receiving() {
    return request == RequestHalf.STREAMING;
  }

  boolean awaitsResponse() {
    return response == ResponseHalf.AWAITED;
  }

  /** Whether somebody still waits for a response. */
  boolean unanswered() {
    return !ended && awaitsResponse();
  }

  /** The server speaks WebSocket from now on, and so may the client. */
  void switched(ResponseHead consent, WebSocketHandshake handshake) {
    tunnel = new Tunnel(this, terms.loop().deadlines());
    status = SWITCHED;
    response = ResponseHalf.STREAMING;
    terms.listener().switched();
    addOwnFields(consent.fields());
    stream.sendSwitch(consent, handshake);
  }

  /** What becomes of the content of a server's answer; null if nothing. May change the head. */
  ResponseTransform transform(ResponseHead answer) {
    Optional<ErrorPage> page = answers.replacementOf(answer);
    if (page.isPresent()) {
      return InterceptedError.replace(answer, page.get(), requestId);
    }
    if (route.compression().isEmpty() || terms.memory().refusesRequests()) {
      return null;
    }
    return route.compression().get().apply(head, answer).map(CompressedContent::new).orElse(null);
  }

  /** Sends the head of a response; its content and its end follow. */
  void respond(ResponseHead answer) {
    status = answer.status();
    addOwnFields(answer.fields());
    response = ResponseHalf.STREAMING;
    stream.sendHead(answer, head.method());
  }

  private void addOwnFields(FieldSection fields) {
    answers.apply(fields);
    identify(fields);
  }

  /** Content of a response; takes it over. */
  void responseData(ByteBuf data) {
    if (response != ResponseHalf.STREAMING) {
      data.release();
    } else if (tunnel != null) {
      tunnel.data(data);
    } else {
      passToClient(data);
    }
  }

  /** Content as it leaves; takes it over. */
  void passToClient(ByteBuf data) {
    responseBytes += data.readableBytes();
    terms.memory().contentCame();
    stream.sendData(data);
  }

  // ---- ending

  /** The response is complete. */
  void endResponse(FieldSection trailers) {
    if (response != ResponseHalf.STREAMING) {
      return;
    }
    response = ResponseHalf.SENT;
    request = request == RequestHalf.STREAMING ? RequestHalf.ABANDONED : request;
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
    if (forwarding != null) {
      forwarding.cancel(why);
    }
  }

  private void endIfOver() {
    boolean requestOver = request != RequestHalf.STREAMING;
    boolean responseOver = response == ResponseHalf.SENT || response == ResponseHalf.ABANDONED;
    if (ended || !requestOver || !responseOver) {
      return;
    }
    ended = true;
    endNanos = terms.loop().nanoTime();
    if (tunnel != null) {
      tunnel.end();
    }
    if (forwarding != null) {
      forwarding.end();
    }
    if (place >= 0) {
      route.limiter().get().release(place);
    }
    terms.listener().ended(this);
    terms.tracer().ended(trace, this);
    stream.exchangeEnded(request == RequestHalf.SENT);
  }

  // ---- the summary

  @Override
  public String listener() {
    return client.listener();
  }

  @Override
  public Method method() {
    return head.method();
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
  public boolean switched() {
    return tunnel != null;
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
    return (ended ? endNanos : terms.loop().nanoTime()) - startNanos;
  }

  @Override
  public String upstream() {
    return forwarding == null ? "" : forwarding.upstream();
  }

  @Override
  public String server() {
    return forwarding == null ? "" : forwarding.server();
  }

  @Override
  public long upstreamNanos() {
    return forwarding == null ? 0 : forwarding.upstreamNanos();
  }

  @Override
  public int retries() {
    return forwarding == null ? 0 : forwarding.retryCount();
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
  public void show(Text text, OctetSink sink) {
    FieldSection fields = head.fields();
    switch (text) {
      case TARGET -> sink.octets(fields.bytes(), head.targetStart(), head.targetEnd());
      case REQUEST_ID -> requestId.showTo(sink);
      case USER_AGENT -> fields.showValueOf(FieldName.USER_AGENT, sink);
      case REFERER -> fields.showValueOf(FieldName.REFERER, sink);
    }
  }

  @Override
  public String error() {
    return failure.label();
  }
}
