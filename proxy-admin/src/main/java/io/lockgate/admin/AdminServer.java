package io.lockgate.admin;

import io.lockgate.config.model.AdminConfig;
import io.lockgate.config.model.BindAddress;
import io.lockgate.config.model.RuntimeConfig;
import io.lockgate.loop.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.unix.UnixChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The admin endpoint: HTTP/1.1 on a socket, an event loop and threads of its own, so that nothing
 * asked here can slow the data plane down, and a data plane that hangs can still be asked.
 */
public final class AdminServer implements AutoCloseable {
  private final BindAddress configured;
  private final EventLoopGroup loop;
  private final Workers workers;
  private final Channel socket;
  private final ChannelGroup connections;
  private final Dashboard dashboard;

  private AdminServer(
      BindAddress configured,
      EventLoopGroup loop,
      Workers workers,
      Dashboard dashboard,
      Channel socket,
      ChannelGroup connections) {
    this.configured = configured;
    this.loop = loop;
    this.dashboard = dashboard;
    this.workers = workers;
    this.socket = socket;
    this.connections = connections;
  }

  /**
   * Binds and serves. The caller must not be an event loop.
   *
   * @throws IOException if the address cannot be bound; nothing is left then
   * @throws IllegalArgumentException if the address is not loopback and there is no token
   */
  public static AdminServer start(AdminConfig config, AdminSources sources, Clock clock)
      throws IOException {
    return start(config, sources, clock, Optional.empty());
  }

  /**
   * The same on a socket of the process before, which is bound to the address already.
   *
   * @param inherited a descriptor of this process; nothing else uses it from here on
   */
  public static AdminServer start(
      AdminConfig config, AdminSources sources, Clock clock, Optional<Integer> inherited)
      throws IOException {
    return start(config, sources, clock, AdminLimits.STANDARD, inherited);
  }

  static AdminServer start(
      AdminConfig config, AdminSources sources, Clock clock, AdminLimits limits)
      throws IOException {
    return start(config, sources, clock, limits, Optional.empty());
  }

  private static AdminServer start(
      AdminConfig config,
      AdminSources sources,
      Clock clock,
      AdminLimits limits,
      Optional<Integer> inherited)
      throws IOException {
    AdminGuard guard = new AdminGuard(config);
    // Epoll where it can be had: sockets of NIO cannot be handed over to another process.
    Transport transport = Transport.of(RuntimeConfig.Transport.AUTO);
    EventLoopGroup loop =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("lockgate-admin", true), transport.newIoHandlers());
    Workers workers = new Workers(limits.maxConnections());
    ChannelGroup connections = new DefaultChannelGroup(loop.next());
    Dashboard dashboard = new Dashboard(sources, clock, loop.next(), limits.patience());
    Endpoints endpoints = new Endpoints(sources, clock, dashboard);
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loop)
            .channelFactory(
                () ->
                    inherited
                        .map(transport::adopt)
                        .orElseGet(() -> transport.serverChannels().newChannel()))
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    if (connections.size() >= limits.maxConnections()) {
                      channel.close();
                      return;
                    }
                    connections.add(channel);
                    initialize(
                        channel,
                        new AdminHandler(guard, endpoints, dashboard.feed(), workers, limits),
                        limits);
                  }
                });
    ChannelFuture bound =
        inherited.isPresent()
            ? bootstrap.register().awaitUninterruptibly()
            : bootstrap
                .option(ChannelOption.SO_REUSEADDR, true)
                .bind(config.address().toSocketAddress())
                .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      dashboard.close();
      workers.close();
      shutDown(loop);
      throw new IOException("cannot bind " + config.address(), bound.cause());
    }
    dashboard.start();
    return new AdminServer(
        config.address(), loop, workers, dashboard, bound.channel(), connections);
  }

  private static void initialize(SocketChannel channel, AdminHandler handler, AdminLimits limits) {
    HttpDecoderConfig decoder =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(limits.maxRequestLineBytes())
            .setMaxHeaderSize(limits.maxHeadBytes());
    channel
        .pipeline()
        .addLast(new HttpServerCodec(decoder))
        .addLast(new AdminAggregator(limits.maxBodyBytes()))
        .addLast(new FlowControlHandler()) // pipelined requests wait for their turn
        .addLast(handler);
  }

  /** Where it was told to listen, whatever the configuration says by now. */
  public BindAddress configured() {
    return configured;
  }

  /** Where it listens, with the port that the system chose. */
  public BindAddress address() {
    InetSocketAddress local = (InetSocketAddress) socket.localAddress();
    return new BindAddress(local.getAddress().getHostAddress(), local.getPort());
  }

  /** The listening socket, for a process that takes over; empty where it has no descriptor. */
  public Optional<Integer> descriptor() {
    return socket instanceof UnixChannel unix
        ? Optional.of(unix.fd().intValue())
        : Optional.empty();
  }

  /** Accepts no more; connections there are go on until {@link #close}. */
  public void stopAccepting() {
    socket.close().awaitUninterruptibly();
  }

  /**
   * Closes the socket, lets answers out that are ready within a moment, the one to the order to
   * stop among them, and closes every connection.
   */
  @Override
  public void close() {
    socket.close().awaitUninterruptibly();
    dashboard.close();
    workers.close();
    loop.next().submit(() -> {}).awaitUninterruptibly(1, TimeUnit.SECONDS);
    connections.close().awaitUninterruptibly();
    shutDown(loop);
  }

  private static void shutDown(EventLoopGroup loop) {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
