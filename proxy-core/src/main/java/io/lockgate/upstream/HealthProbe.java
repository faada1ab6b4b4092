package io.lockgate.upstream;

import io.lockgate.config.model.HealthConfig;
import io.lockgate.config.model.UpstreamConfig.Protocol;
import io.lockgate.http.HeadLimits;
import io.lockgate.http.HeadScanner;
import io.lockgate.http.Method;
import io.lockgate.http.ResponseCheck;
import io.lockgate.http.ResponseHead;
import io.lockgate.tls.UpstreamTlsFailure;
import io.lockgate.tls.UpstreamTlsHandler;
import io.lockgate.tls.UpstreamTlsListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Asks one server once: opens a connection and, where there is a path to ask for, sends a request
 * and looks at the status. Never uses a connection of requests. On one loop.
 */
final class HealthProbe {
  private static final HeadLimits LIMITS = new HeadLimits(16 * 1024, 128, 4 * 1024);

  private final HealthConfig config;
  private final EventLoop loop;
  private final Dialer dialer;
  private final Protocol protocol;
  private final Optional<UpstreamSecurity> security;
  private final byte[] header;

  /**
   * @param protocol what the servers speak
   * @param security present where they are spoken to over TLS
   * @param header that every connection begins with, or empty
   */
  HealthProbe(
      HealthConfig config,
      EventLoop loop,
      Dialer dialer,
      Protocol protocol,
      Optional<UpstreamSecurity> security,
      byte[] header) {
    this.config = config;
    this.loop = loop;
    this.dialer = dialer;
    this.protocol = protocol;
    this.security = security;
    this.header = header.clone();
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
    ChannelHandler first = security.isPresent() ? asking.tlsFirst() : asking.question(false);
    ChannelFuture connect =
        dialer.dial(server, header.length == 0 ? first : ConnectionPreface.before(header, first));
    asking.channel = connect.channel();
    connect.addListener(
        done -> {
          if (!done.isSuccess()) {
            asking.end(String.valueOf(done.cause().getMessage()));
          } else if (config.path().isEmpty() && security.isEmpty()) {
            asking.end("");
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

    ChannelHandler tlsFirst() {
      return new ChannelInitializer<Channel>() {
        @Override
        protected void initChannel(Channel fresh) {
          security
              .orElseThrow()
              .tls()
              .secure(fresh, server.host(), server.port(), Asking.this, UpstreamTlsListener.NONE);
        }
      };
    }

    /** The handler that asks, in the protocol that the server speaks. */
    ChannelHandler question(boolean h2) {
      boolean inHttp2 = h2 || (protocol == Protocol.H2 && security.isEmpty());
      return inHttp2 && config.path().isPresent()
          ? new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel fresh) {
              fresh
                  .pipeline()
                  .addLast(
                      Http2Question.asking(
                          config.path().get(),
                          hostOf(server),
                          security.isPresent(),
                          Asking.this::status),
                      Asking.this);
            }
          }
          : this;
    }

    @Override
    public void secured(UpstreamTlsHandler.Settled settled) {
      if (config.path().isEmpty()) {
        end("");
        return;
      }
      boolean h2 = settled.alpn().equals("h2");
      if (protocol == Protocol.H2 && !h2) {
        end("the server does not speak h2 by ALPN");
        return;
      }
      channel.pipeline().addLast(question(h2));
    }

    @Override
    public void refused(UpstreamTlsFailure failure) {
      end(failure.sentence());
    }

    private void status(String status) {
      end(config.expect().contains(Integer.parseInt(status)) ? "" : "status " + status);
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
      if (ctx.pipeline().get(Http2ConnectionHandler.class) != null) {
        return; // which asks by itself
      }
      config
          .path()
          .ifPresent(
              path -> {
                String request =
                    "GET "
                        + path
                        + " HTTP/1.1\r\nHost: "
                        + hostOf(server)
                        + "\r\nUser-Agent: lockgate-health\r\nAccept: */*\r\n"
                        + "Connection: close\r\n\r\n";
                ctx.writeAndFlush(ByteBufUtil.writeAscii(ctx.alloc(), request));
              });
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (!(message instanceof ByteBuf in)) {
        return;
      }
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
