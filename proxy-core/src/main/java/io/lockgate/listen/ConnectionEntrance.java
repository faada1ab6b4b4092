package io.lockgate.listen;

import io.lockgate.client.ClientCertText;
import io.lockgate.client.ClientConnection;
import io.lockgate.client.ClientLoop;
import io.lockgate.client.CloseRequest;
import io.lockgate.client.Http1Handler;
import io.lockgate.client.Http2HandlerBuilder;
import io.lockgate.config.model.LimitsConfig;
import io.lockgate.exchange.ClientFacts;
import io.lockgate.http.ForwardedFields;
import io.lockgate.limit.ConnectionCount;
import io.lockgate.limit.HandshakeCount;
import io.lockgate.loop.Loop;
import io.lockgate.snapshot.CurrentSnapshot;
import io.lockgate.snapshot.ListenerHosts;
import io.lockgate.snapshot.Retirement;
import io.lockgate.snapshot.ServedHost;
import io.lockgate.snapshot.Snapshot;
import io.lockgate.tls.HandshakeGate;
import io.lockgate.tls.TlsDecision;
import io.lockgate.tls.TlsEntrance;
import io.lockgate.tls.TlsFacts;
import io.lockgate.tls.TlsListener;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * What a new connection goes through, in order: admission before any other work, TLS where the
 * listener has it, then the protocol that was agreed on. Each connection takes its terms from the
 * generation that serves when it comes in. On the connection's event loop.
 */
public final class ConnectionEntrance {
  private final CurrentSnapshot current;
  private final ConnectionCount count;
  private final List<PerLoop> perLoop;
  private final HandshakeGate handshakes;
  private volatile boolean draining;

  public ConnectionEntrance(CurrentSnapshot current, ConnectionCount count, List<PerLoop> perLoop) {
    this.current = current;
    this.count = count;
    this.perLoop = List.copyOf(perLoop);
    this.handshakes = new LimitedHandshakes(current, new HandshakeCount(System::nanoTime));
  }

  /** What one event loop brings to its connections. */
  public record PerLoop(ClientLoop clients, ConnectionListener connections, TlsListener tls) {}

  /** Connections that finish their handshake from now on end with their first exchange. */
  public void drain() {
    draining = true;
  }

  void enter(SocketChannel channel, Loop loop, BoundAddress from) {
    Snapshot snapshot = current.get();
    PerLoop on = perLoop.get(loop.index());
    ListenerHosts hosts = snapshot.listeners().get(from.listener());
    InetSocketAddress peer = channel.remoteAddress();
    if (hosts == null || peer == null) {
      channel.close();
      return;
    }
    String listener = hosts.config().name();
    if (!admit(channel, peer.getAddress(), snapshot.config().limits(), listener, on)) {
      return;
    }
    if (hosts.config().tls()) {
      channel.pipeline().addLast(new HelloHandler(tlsEntrance(loop, on, snapshot, hosts)));
    } else {
      ClientConnection connection =
          connect(channel, on, snapshot, listener, TlsFacts.NONE, Optional.empty());
      channel.pipeline().addLast(new Http1Handler(connection));
      begin(channel, on, connection);
    }
  }

  private boolean admit(
      SocketChannel channel, InetAddress client, LimitsConfig limits, String listener, PerLoop on) {
    ConnectionCount.Verdict verdict =
        count.admit(client, limits.maxConnections(), limits.maxConnectionsPerClient());
    if (verdict != ConnectionCount.Verdict.ADMITTED) {
      on.connections().refused(listener, verdict.label());
      // A reset leaves nothing behind, where an orderly close would leave a TIME_WAIT for each.
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      channel.close();
      return false;
    }
    on.connections().opened(listener);
    channel
        .closeFuture()
        .addListener(
            closed -> {
              count.release(client);
              on.connections().closed(listener);
            });
    return true;
  }

  private TlsEntrance tlsEntrance(Loop loop, PerLoop on, Snapshot snapshot, ListenerHosts hosts) {
    return new TlsEntrance(
        hosts.config().name(),
        handshakes,
        // Decided by the generation that serves when the hello is complete.
        hello -> decide(hosts, hello),
        (channel, facts, decision) -> secured(channel, on, hosts, facts, decision),
        on.tls(),
        loop.deadlines(),
        snapshot.config().tls().handshakeTimeout(),
        ConnectionEntrance::addressOf);
  }

  private TlsDecision decide(ListenerHosts accepted, io.lockgate.tls.ClientHello hello) {
    ListenerHosts now = current.get().listeners().get(accepted.config().name());
    return (now == null ? accepted : now).decider().decide(hello);
  }

  private void secured(
      Channel channel,
      PerLoop on,
      ListenerHosts hosts,
      TlsFacts facts,
      TlsDecision.Serve decision) {
    ServedHost host = (ServedHost) decision.match().value();
    ClientConnection connection =
        connect(channel, on, current.get(), hosts.config().name(), facts, Optional.of(host));
    if (facts.alpn().equals("h2")) {
      channel.pipeline().addLast(Http2HandlerBuilder.build(connection));
    } else {
      channel.pipeline().addLast(new Http1Handler(connection));
    }
    begin(channel, on, connection);
    Snapshot now = current.get();
    if (Retirement.bars(now, hosts.config().name(), connection.sniHost(), facts.client())) {
      connection.close(CloseRequest.FORCED);
    } else if (!Retirement.keeps(now, hosts.config(), connection.sniHost())) {
      connection.close(CloseRequest.GRACEFUL);
    }
  }

  private static ClientConnection connect(
      Channel channel,
      PerLoop on,
      Snapshot snapshot,
      String listener,
      TlsFacts facts,
      Optional<ServedHost> host) {
    InetSocketAddress peer = (InetSocketAddress) channel.remoteAddress();
    InetSocketAddress local = (InetSocketAddress) channel.localAddress();
    InetAddress address = peer == null ? InetAddress.getLoopbackAddress() : peer.getAddress();
    String text = address.getHostAddress();
    int port = local == null ? 0 : local.getPort();
    ClientFacts client =
        new ClientFacts(
            listener, text, facts, forwarded(snapshot, address, text, port, facts, host));
    return new ClientConnection(
        on.clients(), on.clients().terms(snapshot), client, snapshot.http().config(), host);
  }

  private static ForwardedFields.ForConnection forwarded(
      Snapshot snapshot,
      InetAddress address,
      String text,
      int port,
      TlsFacts facts,
      Optional<ServedHost> host) {
    ForwardedFields policy = snapshot.http().forwarded();
    if (facts.client().isEmpty() || host.isEmpty()) {
      return policy.forConnection(address, text, facts.present(), port);
    }
    return policy.forConnection(
        address,
        text,
        port,
        ClientCertText.fields(facts.client().get(), host.get().terms().clientAuth().forward()));
  }

  private void begin(Channel channel, PerLoop on, ClientConnection connection) {
    on.clients().add(connection);
    channel.closeFuture().addListener(closed -> on.clients().remove(connection));
    if (draining) {
      connection.close(CloseRequest.GRACEFUL);
    }
  }

  private static String addressOf(Channel channel) {
    return channel.remoteAddress() instanceof InetSocketAddress peer
        ? peer.getAddress().getHostAddress()
        : "";
  }
}
