package io.lockgate.upstream;

import io.lockgate.config.model.HealthConfig;
import io.lockgate.config.model.HealthConfig.Question;
import io.lockgate.config.model.UpstreamConfig.Protocol;
import io.lockgate.tls.UpstreamTls;
import io.lockgate.tls.UpstreamTlsFailure;
import io.lockgate.tls.UpstreamTlsHandler;
import io.lockgate.tls.UpstreamTlsListener;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Asks one server once: opens a connection, with TLS where the upstream has it, and puts the
 * configured question. Never uses a connection of requests. On one loop.
 */
final class HealthProbe implements HealthChecks.Probe {
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

  @Override
  public void ask(UpstreamServer server, Consumer<String> then) {
    Asking asking = new Asking(server, then);
    asking.deadline =
        loop.schedule(
            () -> asking.end("no answer in time"),
            config.timeout().toMillis(),
            TimeUnit.MILLISECONDS);
    ChannelHandler first = asking.first();
    ChannelFuture connect =
        dialer.dial(server, header.length == 0 ? first : ConnectionPreface.before(header, first));
    asking.channel = connect.channel();
    connect.addListener(
        done -> {
          if (!done.isSuccess()) {
            asking.end(String.valueOf(done.cause().getMessage()));
          } else if (security.isEmpty() && config.question() instanceof Question.Connect) {
            asking.end("");
          }
        });
  }

  private String hostOf(UpstreamServer server) {
    return config.host().orElse(server.label().startsWith("unix:") ? "localhost" : server.label());
  }

  /** One question and its answer; as a handler the last one, which sees a connection end. */
  private final class Asking extends ChannelInboundHandlerAdapter
      implements UpstreamTlsHandler.Outcome {
    private final UpstreamServer server;
    private final Consumer<String> then;
    private ScheduledFuture<?> deadline;
    private Channel channel;
    private boolean over;

    Asking(UpstreamServer server, Consumer<String> then) {
      this.server = server;
      this.then = then;
    }

    ChannelHandler first() {
      return new ChannelInitializer<Channel>() {
        @Override
        protected void initChannel(Channel fresh) {
          if (security.isEmpty()) {
            putQuestion(fresh, protocol == Protocol.H2);
          } else {
            security
                .get()
                .tls()
                .secure(
                    fresh,
                    server.host(),
                    server.port(),
                    UpstreamTls.Offer.ALL,
                    Asking.this,
                    UpstreamTlsListener.NONE);
          }
        }
      };
    }

    private void putQuestion(Channel to, boolean h2) {
      question(h2).forEach(handler -> to.pipeline().addLast(handler));
      to.pipeline().addLast(this);
    }

    private List<ChannelHandler> question(boolean h2) {
      Question question = config.question();
      boolean https = security.isPresent();
      if (question instanceof Question.Connect) {
        return List.of();
      }
      if (question instanceof Question.Get get) {
        String host = hostOf(server);
        return List.of(
            h2
                ? Http2Question.asking(
                    new Http2Get(get.path(), host, https, status -> wrong(get, status), this::end))
                : new HttpQuestion(get.path(), host, status -> wrong(get, status), this::end));
      }
      if (question instanceof Question.Grpc grpc) {
        return List.of(
            Http2Question.asking(
                new GrpcHealthCall(
                    grpc.service(), hostOf(server), https, config.timeout(), this::end)));
      }
      throw new AssertionError(question);
    }

    private static String wrong(Question.Get get, int status) {
      return get.expect().contains(status) ? "" : "status " + status;
    }

    @Override
    public void secured(UpstreamTlsHandler.Settled settled) {
      boolean h2 = settled.alpn().equals("h2");
      boolean needed = protocol == Protocol.H2 || config.question() instanceof Question.Grpc;
      if (config.question() instanceof Question.Connect) {
        end("");
      } else if (needed && !h2) {
        end("the server does not speak h2 by ALPN");
      } else {
        putQuestion(channel, h2);
      }
    }

    @Override
    public void refused(UpstreamTlsFailure failure) {
      end(failure.sentence());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ReferenceCountUtil.release(message); // nobody asked for it
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
      if (channel != null) {
        channel.close();
      }
      then.accept(wrong);
    }
  }
}
