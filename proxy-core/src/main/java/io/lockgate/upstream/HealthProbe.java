package io.lockgate.upstream;

import io.lockgate.config.model.HealthConfig;
import io.lockgate.http.HeadLimits;
import io.lockgate.http.HeadScanner;
import io.lockgate.http.Method;
import io.lockgate.http.ResponseCheck;
import io.lockgate.http.ResponseHead;
import io.lockgate.tls.UpstreamTls;
import io.lockgate.tls.UpstreamTlsFailure;
import io.lockgate.tls.UpstreamTlsHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Asks one server once: opens a connection, with TLS where the upstream has it, and where there is
 * a path to ask for sends a request and looks at the status. Never uses a connection of requests.
 * On one loop.
 */
final class HealthProbe {
  private static final HeadLimits LIMITS = new HeadLimits(16 * 1024, 128, 4 * 1024);

  private final HealthConfig config;
  private final Optional<UpstreamSecurity> security;
  private final EventLoop loop;
  private final Dialer dialer;

  HealthProbe(
      HealthConfig config, Optional<UpstreamSecurity> security, EventLoop loop, Dialer dialer) {
    this.config = config;
    this.security = security;
    this.loop = loop;
    this.dialer = dialer;
  }

  /**
   * Asks.
   *
   * @param then told exactly once what is wrong; empty where nothing is
   */
  void ask(UpstreamServer server, Consumer<String> then) {
    Asking asking = new Asking(server, then);
    asking.deadline =
        loop.schedule(
            () -> asking.end("no answer in time"),
            config.timeout().toMillis(),
            TimeUnit.MILLISECONDS);
    ChannelFuture connect = dialer.dial(server, asking);
    asking.channel = connect.channel();
    connect.addListener(
        done -> {
          if (!done.isSuccess()) {
            asking.end(String.valueOf(done.cause().getMessage()));
          }
        });
  }

  private String hostOf(UpstreamServer server) {
    return config.host().orElse(server.label().startsWith("unix:") ? "localhost" : server.label());
  }

  /** One question and its answer. */
  private final class Asking extends ChannelInboundHandlerAdapter
      implements UpstreamTlsHandler.Outcome {
    private final UpstreamServer server;
    private final Consumer<String> then;
    private final HeadScanner scanner = new HeadScanner(LIMITS);
    private final ResponseHead head = new ResponseHead();
    private Optional<ByteBuf> received = Optional.empty();
    private ScheduledFuture<?> deadline;
    private Channel channel;
    private boolean over;

    Asking(UpstreamServer server, Consumer<String> then) {
      this.server = server;
      this.then = then;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
      if (security.isPresent() && ctx.pipeline().first() == this) {
        // TLS goes before this handler, which stays the last.
        ctx.pipeline().remove(this);
        UpstreamTls tls = security.get().tls();
        tls.secure(ctx.channel(), server.host(), server.port(), this, security.get().listener());
        ctx.pipeline().addLast(this);
      }
    }

    @Override
    public boolean isSharable() {
      return true; // It is added twice, to the same pipeline.
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      if (security.isEmpty()) {
        connected();
      }
    }

    @Override
    public void secured(UpstreamTlsHandler.Settled settled) {
      connected();
    }

    @Override
    public void refused(UpstreamTlsFailure failure) {
      end(failure.sentence());
    }

    private void connected() {
      if (config.path().isEmpty()) {
        end("");
        return;
      }
      String request =
          "GET "
              + config.path().get()
              + " HTTP/1.1\r\nHost: "
              + hostOf(server)
              + "\r\nUser-Agent: lockgate-health\r\nAccept: */*\r\nConnection: close\r\n\r\n";
      channel.writeAndFlush(ByteBufUtil.writeAscii(channel.alloc(), request));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf in = (ByteBuf) message;
      if (over || config.path().isEmpty()) {
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
        end(config.expect().contains(head.status()) ? "" : "status " + head.status());
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      end("the connection was closed");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      end(String.valueOf(cause.getMessage()));
    }

    private void end(String wrong) {
      if (over) {
        return;
      }
      over = true;
      deadline.cancel(false);
      received.ifPresent(ByteBuf::release);
      received = Optional.empty();
      if (channel != null) {
        channel.close();
      }
      then.accept(wrong);
    }
  }
}
