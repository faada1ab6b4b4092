package io.lockgate.listen;

import io.lockgate.client.ClientCertText;
import io.lockgate.client.ClientConnection;
import io.lockgate.client.ClientLoop;
import io.lockgate.client.CloseRequest;
import io.lockgate.client.Http1Handler;
import io.lockgate.client.Http2HandlerBuilder;
import io.lockgate.client.LoopTerms;
import io.lockgate.config.model.ListenerConfig;
import io.lockgate.config.model.RelayConfig;
import io.lockgate.exchange.ClientFacts;
import io.lockgate.exchange.ClientHeader;
import io.lockgate.http.ForwardedFields;
import io.lockgate.limit.ConnectionCount;
import io.lockgate.limit.HandshakeCount;
import io.lockgate.limit.MemoryPressure;
import io.lockgate.loop.Loop;
import io.lockgate.proxyprotocol.ProxyHeader;
import io.lockgate.relay.Relay;
import io.lockgate.relay.RelayClient;
import io.lockgate.relay.RelayListener;
import io.lockgate.relay.RelayTerms;
import io.lockgate.snapshot.CurrentSnapshot;
import io.lockgate.snapshot.ListenerHosts;
import io.lockgate.snapshot.Retirement;
import io.lockgate.snapshot.ServedHost;
import io.lockgate.snapshot.Snapshot;
import io.lockgate.tls.ClientHello;
import io.lockgate.tls.EngineTime;
import io.lockgate.tls.HandshakeGate;
import io.lockgate.tls.SecuredConnection;
import io.lockgate.tls.SharedFacts;
import io.lockgate.tls.TlsDecision;
import io.lockgate.tls.TlsEntrance;
import io.lockgate.tls.TlsFacts;
import io.lockgate.tls.TlsListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.socket.SocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * What a new connection goes through, in order: admission before any other work, the PROXY header
 * where the listener expects one, TLS where the listener has it, then the protocol that was agreed
 * on. Each connection takes its terms from the generation that serves when it comes in. On the
 * connection's event loop.
 */
public final class ConnectionEntrance {
  private static final String NOT_ACCEPTED = "accept_failed";

  private final CurrentSnapshot current;
  private final Admission admission;
  private final Selection selection;
  private final HandshakeGate handshakes;
  private final RefusalLog refusals = new RefusalLog(System::nanoTime);
  private volatile boolean draining;

  public ConnectionEntrance(
      CurrentSnapshot current, ConnectionCount count, MemoryPressure memory, Selection selection) {
    this.current = current;
    this.admission = new Admission(count, memory, System::nanoTime);
    this.selection = selection;
    this.handshakes = new LimitedHandshakes(current, new HandshakeCount(System::nanoTime));
  }

  /** What one event loop brings to its connections. */
  public record PerLoop(
      ClientLoop clients,
      LoopTerms terms,
      ConnectionListener connections,
      TlsListener tls,
      RelayListener relays,
      EngineTime engineTime,
      SharedFacts facts) {

    /** With no facts to share yet. */
    public PerLoop(
        ClientLoop clients,
        LoopTerms terms,
        ConnectionListener connections,
        TlsListener tls,
        RelayListener relays,
        EngineTime engineTime) {
      this(clients, terms, connections, tls, relays, engineTime, new SharedFacts());
    }
  }

  /** Who of them gets the connections that come in. */
  @FunctionalInterface
  public interface Selection {
    /** On that loop. */
    PerLoop of(Loop loop, String listener);
  }

  /** Connections that finish their handshake from now on end with their first exchange. */
  public void drain() {
    draining = true;
  }

  BoundAddress.Entrance door() {
    return new BoundAddress.Entrance() {
      @Override
      public void enter(SocketChannel channel, Loop loop, BoundAddress from) {
        ConnectionEntrance.this.enter(channel, loop, from);
      }

      @Override
      public void notAccepted(Throwable why, Loop loop, BoundAddress from) {
        selection.of(loop, from.listener()).connections().refused(from.listener(), NOT_ACCEPTED);
        refusals.notAccepted(from.listener(), String.valueOf(why.getMessage()));
      }
    };
  }

  private void enter(SocketChannel channel, Loop loop, BoundAddress from) {
    Snapshot snapshot = current.get();
    Optional<ListenerHosts> hosts = snapshot.listener(from.listener(), from.address());
    InetSocketAddress peer = channel.remoteAddress();
    InetSocketAddress local = channel.localAddress();
    if (hosts.isEmpty() || peer == null || local == null) {
      channel.close();
      return;
    }
    PerLoop on = selection.of(loop, from.listener());
    ListenerConfig listener = hosts.get().config();
    if (admission.admits(
        channel, peer.getAddress(), listener, snapshot.config().limits(), on.connections())) {
      Arrival arrival = new Arrival(channel, loop, on, snapshot, hosts.get());
      if (listener.proxyProtocol().accept()) {
        arrival.awaitHeader(peer, local);
      } else {
        arrival.from(new ProxyHeader.Endpoints(peer, local), Optional.empty());
      }
    }
  }

  /** A connection on its way in. */
  private final class Arrival implements SecuredConnection {
    private final SocketChannel channel;
    private final Loop loop;
    private final PerLoop on;
    private final Snapshot snapshot;
    private final ListenerHosts hosts;
    private final ListenerConfig listener;
    private ProxyHeader.Endpoints ends;
    private String clientText;
    private boolean postgresAsked;
    private Optional<ProxyHeader> header = Optional.empty();

    Arrival(SocketChannel channel, Loop loop, PerLoop on, Snapshot snapshot, ListenerHosts hosts) {
      this.channel = channel;
      this.loop = loop;
      this.on = on;
      this.snapshot = snapshot;
      this.hosts = hosts;
      this.listener = hosts.config();
    }

    void awaitHeader(InetSocketAddress peer, InetSocketAddress local) {
      Duration patience =
          listener.tls()
              ? snapshot.config().tls().handshakeTimeout()
              : snapshot.config().http().headerTimeout();
      ProxyProtocolHandler.Outcome outcome =
          new ProxyProtocolHandler.Outcome() {
            @Override
            public void announced(ProxyHeader announced) {
              // Without addresses, as of a health check, the sender itself is the client.
              ProxyHeader.Endpoints ends =
                  announced.endpoints().orElse(new ProxyHeader.Endpoints(peer, local));
              from(ends, Optional.of(announced));
            }

            @Override
            public void refused(String reason, String detail) {
              admission.refuse(
                  channel, peer.getAddress(), listener.name(), reason, detail, on.connections());
            }
          };
      channel.pipeline().addLast(new ProxyProtocolHandler(loop.deadlines(), patience, outcome));
    }

    /**
     * @param between the client, whoever opened the connection, and where it connected to
     */
    void from(ProxyHeader.Endpoints between, Optional<ProxyHeader> announced) {
      InetAddress address = between.source().getAddress();
      ends = between;
      clientText = address.getHostAddress();
      header = announced;
      if (!admission.admitsClient(
          channel, address, listener, snapshot.config().limits(), on.connections())) {
        return;
      }
      if (listener.tls()) {
        if (hosts.startTls()) {
          channel.pipeline().addLast(new PostgresPreamble(() -> postgresAsked = true));
        }
        channel.pipeline().addLast(new HelloHandler(tlsEntrance()));
      } else {
        ClientConnection connection = connect(snapshot, TlsFacts.NONE, Optional.empty());
        channel.pipeline().addLast(new Http1Handler(connection));
        begin(channel, on, connection);
      }
    }

    private TlsEntrance tlsEntrance() {
      return new TlsEntrance(
          listener.name(),
          handshakes,
          // Decided by the generation that serves when the hello is complete.
          this::decide,
          this,
          on.tls(),
          loop.deadlines(),
          snapshot.config().tls().handshakeTimeout(),
          unused -> clientText,
          on.engineTime(),
          on.facts());
    }

    private TlsDecision decide(ClientHello hello) {
      TlsDecision decision =
          current
              .get()
              .listener(listener.name(), listener.address())
              .orElse(hosts)
              .decider()
              .decide(hello);
      return postgresAsked ? PostgresHosts.only(decision) : decision;
    }

    @Override
    public void passedThrough(
        Channel secured, ClientHello hello, TlsDecision.PassThrough decision, ByteBuf received) {
      ServedHost host = (ServedHost) decision.match().value();
      ClientConnection connection = connect(current.get(), TlsFacts.NONE, Optional.of(host));
      String sni = hello.serverName();
      String alpn = hello.alpn().isEmpty() ? "" : hello.alpn().get(0);
      var about =
          new RelayClient(
              clientText, () -> ClientHeader.passedThrough(Optional.of(ends), header, sni, alpn));
      boolean asked = postgresAsked;
      relay(connection, relayTerms(host, TlsFacts.NONE, sni, about, asked), received);
    }

    private RelayTerms relayTerms(
        ServedHost host, TlsFacts facts, String sni, RelayClient about, boolean startTls) {
      return new RelayTerms(
          loop,
          on.relays(),
          listener.name(),
          host,
          host.relay().orElseThrow(),
          facts,
          sni,
          about,
          startTls,
          () -> current.get().config().drainTimeout());
    }

    private void relay(ClientConnection connection, RelayTerms terms, ByteBuf received) {
      Relay.start(terms, connection, channel, received);
      begin(channel, on, connection);
      endUnlessKept(connection);
    }

    @Override
    public void secured(Channel secured, TlsFacts facts, TlsDecision.Serve decision) {
      ServedHost host = (ServedHost) decision.match().value();
      ClientConnection connection = connect(current.get(), facts, Optional.of(host));
      if (host.relay().isPresent()) {
        ServedHost.RelayTarget target = host.relay().get();
        var about =
            new RelayClient(
                clientText, () -> ClientHeader.terminated(Optional.of(ends), header, facts));
        boolean asks =
            target.config().startTls() == RelayConfig.StartTls.POSTGRES
                && target.pool().security().isPresent();
        relay(connection, relayTerms(host, facts, facts.sni(), about, asks), Unpooled.EMPTY_BUFFER);
        return;
      }
      if (facts.alpn().equals("h2")) {
        channel.pipeline().addLast(Http2HandlerBuilder.build(connection));
      } else {
        channel.pipeline().addLast(new Http1Handler(connection));
      }
      begin(channel, on, connection);
      endUnlessKept(connection);
    }

    private void endUnlessKept(ClientConnection connection) {
      Snapshot now = current.get();
      if (Retirement.bars(now, listener, connection.sniHost(), connection.facts().tls().client())) {
        connection.close(CloseRequest.FORCED);
      } else if (!Retirement.keeps(now, listener, connection.sniHost())) {
        connection.close(CloseRequest.GRACEFUL);
      }
    }

    private ClientConnection connect(Snapshot now, TlsFacts facts, Optional<ServedHost> host) {
      ClientFacts about =
          new ClientFacts(
              listener.name(),
              clientText,
              header,
              facts,
              forwarded(
                  now,
                  ends.source().getAddress(),
                  clientText,
                  ends.destination().getPort(),
                  facts,
                  host),
              Optional.of(ends));
      return new ClientConnection(
          on.clients(), on.terms().of(now), about, now.http().config(), hosts, host);
    }
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
    connection.over(channel);
    on.clients().add(connection);
    channel.closeFuture().addListener(closed -> on.clients().remove(connection));
    if (draining) {
      connection.close(CloseRequest.GRACEFUL);
    }
  }
}
