package io.lockgate.admin;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to the admin endpoint: reads a request, has it answered by a worker, writes the
 * answer, and only then reads on. A client has a bounded time for a whole request, however slowly
 * its bytes come, and the same for taking the answer; no time runs while a worker thinks.
 */
final class AdminHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(AdminHandler.class);
  private static final int NOT_MODIFIED = 304;

  private final AdminGuard guard;
  private final Endpoints endpoints;
  private final LiveFeed feed;
  private final Workers workers;
  private final AdminLimits limits;
  private java.util.concurrent.Future<?> deadline;
  private boolean streaming;

  AdminHandler(
      AdminGuard guard, Endpoints endpoints, LiveFeed feed, Workers workers, AdminLimits limits) {
    this.feed = feed;
    this.guard = guard;
    this.endpoints = endpoints;
    this.workers = workers;
    this.limits = limits;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    awaitRequest(ctx);
  }

  private void awaitRequest(ChannelHandlerContext ctx) {
    restartDeadline(ctx);
    ctx.channel().config().setAutoRead(true);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest message) {
    if (streaming) {
      ctx.close();
      return;
    }
    deadline.cancel(false);
    ctx.channel().config().setAutoRead(false); // until this one is answered
    Optional<AdminResponse> malformed = refuseMalformed(message);
    if (malformed.isPresent()) {
      respond(ctx, malformed.get(), false);
      return;
    }
    boolean keepAlive = HttpUtil.isKeepAlive(message);
    AdminRequest request =
        AdminRequest.of(message, ((SocketChannel) ctx.channel()).localAddress().getAddress());
    Optional<AdminResponse> refusal = guard.refuse(request);
    if (refusal.isPresent()) {
      respond(ctx, forPeople(request, refusal.get()), keepAlive);
    } else if (request.path().equals(Endpoints.EVENTS) && request.method().equals("GET")) {
      stream(ctx, message.protocolVersion());
    } else {
      work(ctx, request, keepAlive);
    }
  }

  private static Optional<AdminResponse> refuseMalformed(FullHttpRequest message) {
    if (message.decoderResult().isFailure()) {
      Throwable cause = message.decoderResult().cause();
      int status =
          cause instanceof TooLongHttpLineException
              ? 414
              : cause instanceof TooLongHttpHeaderException ? 431 : 400;
      return Optional.of(AdminResponse.error(status, "malformed request", "speak HTTP/1.1"));
    }
    return message.uri().startsWith("/")
        ? Optional.empty()
        : Optional.of(
            AdminResponse.error(400, "the target is not a path", "send GET /path HTTP/1.1"));
  }

  /** A browser that lacks the token shows the page, which asks for it. */
  private AdminResponse forPeople(AdminRequest request, AdminResponse refusal) {
    boolean page = request.reads() && request.path().equals("/");
    return refusal.status() == 401 && page && request.field("accept").contains("text/html")
        ? endpoints
            .pageThatAsksForToken(request)
            .with("WWW-Authenticate", refusal.fields().get("WWW-Authenticate"))
        : refusal;
  }

  /** From here on the connection only takes events; whatever the client says ends it. */
  private void stream(ChannelHandlerContext ctx, HttpVersion version) {
    if (feed.full() || !version.equals(HttpVersion.HTTP_1_1)) {
      AdminResponse refusal =
          feed.full()
              ? AdminResponse.error(503, "too many watch", "close a dashboard that nobody reads")
              : AdminResponse.error(505, "a stream needs chunks", "speak HTTP/1.1");
      respond(ctx, refusal, false);
      return;
    }
    HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    describe(head, LiveFeed.TYPE, Map.of());
    streaming = true;
    ctx.writeAndFlush(head);
    feed.add(ctx.channel());
    ctx.channel().config().setAutoRead(true); // to see that the client leaves
  }

  private void work(ChannelHandlerContext ctx, AdminRequest request, boolean keepAlive) {
    try {
      workers.run(
          !endpoints.takesTime(request),
          () -> {
            AdminResponse response = answer(request);
            deliver(ctx, response, keepAlive);
          });
    } catch (RejectedExecutionException e) {
      respond(ctx, AdminResponse.error(503, "busy", "try again in a moment"), keepAlive);
    }
  }

  private void deliver(ChannelHandlerContext ctx, AdminResponse response, boolean keepAlive) {
    try {
      ctx.executor().execute(() -> respond(ctx, response, keepAlive));
    } catch (RejectedExecutionException e) {
      LOG.debug("the admin endpoint was closed before an answer was ready", e);
    }
  }

  private AdminResponse answer(AdminRequest request) {
    try {
      return endpoints.answer(request);
    } catch (RuntimeException | LinkageError e) { // a client that is not answered waits for ever
      LOG.error("{} {} failed", request.method(), request.path(), e);
      return AdminResponse.error(500, "internal error", "the daemon's log has the details");
    }
  }

  void respond(ChannelHandlerContext ctx, AdminResponse response, boolean keepAlive) {
    FullHttpResponse message =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(response.status()),
            Unpooled.wrappedBuffer(response.body()));
    if (response.status() != NOT_MODIFIED) {
      HttpUtil.setContentLength(message, response.body().length);
    }
    describe(message, response.contentType(), response.fields());
    HttpUtil.setKeepAlive(message, keepAlive);
    restartDeadline(ctx);
    ctx.writeAndFlush(message)
        .addListener(
            (ChannelFutureListener)
                written -> {
                  if (!written.isSuccess()) {
                    ctx.close();
                  } else if (keepAlive) {
                    awaitRequest(ctx);
                  } else {
                    finish(ctx);
                  }
                });
  }

  private static void describe(HttpResponse head, String type, Map<String, String> fields) {
    head.headers()
        .set(HttpHeaderNames.CONTENT_TYPE, type)
        .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
        .set("X-Content-Type-Options", "nosniff")
        .set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
        .set("Cross-Origin-Resource-Policy", "same-origin");
    fields.forEach(head.headers()::set);
  }

  /**
   * Ends our side and swallows what still comes until the client has closed too: closing with
   * unread bytes would reset the connection and could take the answer away from the client.
   */
  private static void finish(ChannelHandlerContext ctx) {
    ctx.pipeline().addFirst(new Swallow());
    ((SocketChannel) ctx.channel()).shutdownOutput();
    ctx.channel().config().setAutoRead(true);
  }

  private void restartDeadline(ChannelHandlerContext ctx) {
    if (deadline != null) {
      deadline.cancel(false);
    }
    deadline =
        ctx.executor()
            .schedule((Runnable) ctx::close, limits.patience().toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    deadline.cancel(false);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    LOG.debug("connection to the admin endpoint failed", cause);
    ctx.close();
  }
}
