package io.lockgate.listen;

import io.lockgate.config.model.RuntimeConfig;
import io.lockgate.loop.Deadlines;
import io.lockgate.loop.Loops;
import io.lockgate.loop.Transport;
import io.lockgate.pki.Identity;
import io.lockgate.testkit.TestCa;
import io.lockgate.ticket.TicketSource;
import io.lockgate.ticket.TicketSourceException;
import io.lockgate.tls.ContextCache;
import io.lockgate.tls.EngineTime;
import io.lockgate.tls.HandshakeWorkers;
import io.lockgate.tls.KeySigner;
import io.lockgate.tls.RecordingTlsListener;
import io.lockgate.tls.SecuredConnection;
import io.lockgate.tls.SharedFacts;
import io.lockgate.tls.SniDecider;
import io.lockgate.tls.SniTable;
import io.lockgate.tls.Staples;
import io.lockgate.tls.TicketKeys;
import io.lockgate.tls.TlsDecider;
import io.lockgate.tls.TlsEntrance;
import io.lockgate.tls.TlsFixtures;
import io.lockgate.tls.TlsHost;
import io.lockgate.tls.TlsTerms;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** A listener on loopback, of one loop, that answers each read with the same bytes. */
final class TlsServer implements AutoCloseable {
  final RecordingTlsListener events = new RecordingTlsListener();
  final TicketSource tickets = TlsFixtures.tickets(1);
  final TicketKeys ticketKeys = keys(tickets);
  final Loops loops = Loops.start(Transport.of(RuntimeConfig.Transport.AUTO), 1);
  final HandshakeWorkers workers = new HandshakeWorkers(1, 1);

  /** For identities whose keys are to be used elsewhere. */
  volatile Function<Identity, Optional<KeySigner>> signers = identity -> Optional.empty();

  final ContextCache contexts;
  final RecordingGate gate = new RecordingGate();
  final AtomicReference<TlsDecider> decider = new AtomicReference<>();
  final AtomicReference<SecuredConnection> secured =
      new AtomicReference<>((channel, facts, decision) -> channel.pipeline().addLast(new Echo()));
  private final ChannelGroup connections = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE);
  private final Channel socket;

  /** A host of one name. */
  record Host(String label, List<Identity> all, TlsTerms terms) implements TlsHost {
    /** With one ECDSA certificate, under the policy that is used where nobody says another. */
    static Host usual(TestCa ca, String name) {
      return new Host(
          name, List.of(TlsFixtures.ecdsa(ca, name)), TlsFixtures.terms(TlsFixtures.INTERMEDIATE));
    }
  }

  TlsServer(int maxContexts, Duration handshakeTimeout, Host... hosts) {
    contexts =
        new ContextCache(
            maxContexts,
            ticketKeys,
            loops::afterBarrier,
            workers,
            identity -> signers.apply(identity));
    serve(Optional.empty(), Optional.empty(), hosts);
    Deadlines deadlines = loops.all().get(0).deadlines();
    TlsEntrance entrance =
        new TlsEntrance(
            "https",
            gate,
            hello -> decider.get().decide(hello),
            (channel, facts, decision) -> secured.get().secured(channel, facts, decision),
            events,
            deadlines,
            handshakeTimeout,
            channel -> channel.remoteAddress().toString(),
            EngineTime.NONE,
            new SharedFacts());
    socket =
        new ServerBootstrap()
            .group(loops.all().get(0).executor())
            .channelFactory(loops.transport().serverChannels())
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    connections.add(channel);
                    channel.pipeline().addLast(new HelloHandler(entrance));
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .syncUninterruptibly()
            .channel();
  }

  TlsServer(Host... hosts) {
    this(100, Duration.ofSeconds(10), hosts);
  }

  void serve(Optional<Host> unknown, Optional<Host> missing, Host... hosts) {
    serve(Staples.NONE, unknown, missing, hosts);
  }

  void serve(Staples staples, Optional<Host> unknown, Optional<Host> missing, Host... hosts) {
    SniTable.Builder<Host> table = SniTable.builder();
    for (Host host : hosts) {
      table.add(host.label(), host);
    }
    decider.set(
        new SniDecider<>(
            table.build(), unknown, missing, (host, name) -> host.all(), contexts, staples));
  }

  /** Connections that are open. */
  int connections() {
    return connections.size();
  }

  /** New ticket keys, of which one former stays. */
  void rotate() {
    try {
      ticketKeys.follow(tickets.rotate(Instant.EPOCH, false));
    } catch (TicketSourceException e) {
      throw new AssertionError(e);
    }
  }

  private static TicketKeys keys(TicketSource tickets) {
    try {
      return new TicketKeys(tickets.at(Instant.EPOCH));
    } catch (TicketSourceException e) {
      throw new AssertionError(e);
    }
  }

  InetSocketAddress address() {
    return (InetSocketAddress) socket.localAddress();
  }

  /** Returns once the loop has ended every turn that was under way or queued. */
  void settle() {
    for (int i = 0; i < 3; i++) {
      loops.all().get(0).executor().submit(() -> {}).awaitUninterruptibly();
    }
  }

  @Override
  public void close() {
    socket.close().awaitUninterruptibly();
    settle();
    connections.close().awaitUninterruptibly();
    contexts.close();
    workers.close();
    settle();
    loops.close();
  }

  private static final class Echo extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      context.writeAndFlush((ByteBuf) message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
