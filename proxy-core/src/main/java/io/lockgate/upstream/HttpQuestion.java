package io.lockgate.upstream;

import io.lockgate.http.HeadLimits;
import io.lockgate.http.HeadScanner;
import io.lockgate.http.Method;
import io.lockgate.http.ResponseCheck;
import io.lockgate.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * One GET of a health check over HTTP/1.1, on a connection of its own. Reads the head of the answer
 * and nothing of its content. On one loop.
 */
final class HttpQuestion extends ChannelInboundHandlerAdapter {
  private static final HeadLimits LIMITS = new HeadLimits(16 * 1024, 128, 4 * 1024);

  private final String request;
  private final IntFunction<String> judge;
  private final Consumer<String> then;
  private final HeadScanner scanner = new HeadScanner(LIMITS);
  private final ResponseHead head = new ResponseHead();
  private Optional<ByteBuf> received = Optional.empty();
  private boolean over;

  /**
   * @param judge says what is wrong with a status; empty where nothing is
   * @param then told what is wrong with the answer; empty where nothing is
   */
  HttpQuestion(String path, String host, IntFunction<String> judge, Consumer<String> then) {
    this.request =
        "GET "
            + path
            + " HTTP/1.1\r\nHost: "
            + host
            + "\r\nUser-Agent: lockgate-health\r\nAccept: */*\r\nConnection: close\r\n\r\n";
    this.judge = judge;
    this.then = then;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    if (ctx.channel().isActive()) {
      ask(ctx);
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    ask(ctx);
  }

  private void ask(ChannelHandlerContext ctx) {
    ctx.writeAndFlush(ByteBufUtil.writeAscii(ctx.alloc(), request));
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    if (over) {
      in.release();
      return;
    }
    ByteBuf all = received.orElseGet(() -> ctx.alloc().buffer());
    received = Optional.of(all);
    all.writeBytes(in);
    in.release();
    read(all);
  }

  private void read(ByteBuf in) {
    while (!over) {
      switch (scanner.scanResponse(in, head)) {
        case INCOMPLETE -> {
          return;
        }
        case REFUSED -> end("the answer is not valid HTTP");
        case COMPLETE -> headRead();
      }
    }
  }

  private void headRead() {
    if (!ResponseCheck.http1(head, Method.GET).accepted()) {
      end("the answer is not valid HTTP");
    } else if (head.interim()) {
      head.clear();
    } else {
      end(judge.apply(head.status()));
    }
  }

  private void end(String wrong) {
    over = true;
    received.ifPresent(ByteBuf::release);
    received = Optional.empty();
    then.accept(wrong);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    received.ifPresent(ByteBuf::release);
    received = Optional.empty();
  }
}
