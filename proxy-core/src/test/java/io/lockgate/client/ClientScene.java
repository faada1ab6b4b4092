package io.lockgate.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.lockgate.config.model.BindAddress;
import io.lockgate.config.model.FieldEdits;
import io.lockgate.config.model.HttpConfig;
import io.lockgate.config.model.ListenerConfig;
import io.lockgate.config.model.RequestLimit;
import io.lockgate.config.model.RouteAction;
import io.lockgate.config.model.RouteConfig;
import io.lockgate.exchange.Answers;
import io.lockgate.exchange.ClientFacts;
import io.lockgate.exchange.ExchangeListener;
import io.lockgate.exchange.ExchangeSummary;
import io.lockgate.exchange.RequestIds;
import io.lockgate.exchange.Tracer;
import io.lockgate.http.AsciiBytes;
import io.lockgate.http.ForwardedFields;
import io.lockgate.limit.MemoryPressure;
import io.lockgate.loop.SteppedLoop;
import io.lockgate.route.RouteTable;
import io.lockgate.snapshot.CurrentSnapshot;
import io.lockgate.snapshot.HttpTerms;
import io.lockgate.snapshot.ListenerHosts;
import io.lockgate.snapshot.ServedHost;
import io.lockgate.snapshot.Snapshot;
import io.lockgate.tls.SniTable;
import io.lockgate.tls.Staples;
import io.lockgate.tls.TlsFacts;
import io.lockgate.tls.TlsFixtures;
import io.lockgate.tls.TlsInputs;
import io.lockgate.tls.TlsTerms;
import io.lockgate.upstream.UpstreamListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * A client's connection to {@code a.test}, with all around it played by the test: {@code /pong} is
 * answered here, everything else by a scripted server. {@code b.test} is served on other terms.
 */
final class ClientScene implements AutoCloseable {
  static final HttpConfig HTTP =
      new HttpConfig(
          32 * 1024,
          20,
          8 * 1024,
          Duration.ofSeconds(10),
          Duration.ofSeconds(75),
          Duration.ofSeconds(30),
          new HttpConfig.Http2(4, 65_535, Duration.ofSeconds(30), 20, 10, 10, 10, 30, 25, 20),
          new HttpConfig.Forwarded(List.of(), true, false),
          new HttpConfig.RequestId("X-Request-Id", false),
          new HttpConfig.WebSocket(true, Duration.ofMinutes(5)));

  final SteppedLoop loop;
  final ScriptedServer server = new ScriptedServer();
  final List<String> ends = new ArrayList<>();
  final List<String> rejections = new ArrayList<>();
  final ClientConnection connection;
  final EmbeddedChannel channel;

  ClientScene(boolean tls, Function<ClientConnection, ChannelHandler> handler) {
    this(tls, handler, new SteppedLoop());
  }

  /** On a loop that another client may be on as well. */
  ClientScene(boolean tls, Function<ClientConnection, ChannelHandler> handler, SteppedLoop loop) {
    this.loop = loop;
    ServedHost a = host("a.test", "one");
    ServedHost b = host("b.test", "two");
    SniTable.Builder<ServedHost> names = SniTable.builder();
    names.add("a.test", a);
    names.add("b.test", b);
    ListenerHosts hosts =
        new ListenerHosts(
            new ListenerConfig(
                "l",
                new BindAddress("127.0.0.1", 443),
                tls,
                List.of(),
                false,
                0,
                ListenerConfig.ProxyProtocolConfig.OFF),
            List.of(a, b),
            names.build(),
            Optional.empty(),
            hello -> {
              throw new AssertionError("no handshake here");
            },
            Optional.empty());
    HttpTerms terms =
        new HttpTerms(
            HTTP,
            ForwardedFields.of(HTTP.forwarded()),
            AsciiBytes.of("X-Request-Id"),
            Answers.PLAIN);
    Snapshot snapshot =
        new Snapshot(
            1, null, null, null, null, null, terms, Map.of("l", hosts), Map.of(), Staples.NONE);
    ClientLoop clients = new ClientLoop(new CurrentSnapshot(snapshot));
    LoopTerms loopTerms =
        new LoopTerms(
            loop.loop(),
            new Ends(),
            UpstreamListener.NONE,
            new RequestIds(new SplittableRandom(1)),
            unused -> Tracer.OFF,
            MemoryPressure.NONE);
    InetAddress address = InetAddress.getLoopbackAddress();
    ClientFacts facts =
        new ClientFacts(
            "l",
            "127.0.0.1",
            Optional.empty(),
            TlsFacts.NONE,
            terms.forwarded().forConnection(address, "127.0.0.1", tls, 443));
    connection =
        new ClientConnection(
            clients,
            loopTerms.of(snapshot),
            facts,
            HTTP,
            hosts,
            tls ? Optional.of(a) : Optional.empty());
    channel = new EmbeddedChannel();
    if (tls) {
      TlsInputs.addTo(channel.pipeline());
    }
    channel.pipeline().addLast(handler.apply(connection));
  }

  private ServedHost host(String name, String protocol) {
    TlsTerms terms =
        new TlsTerms(TlsFixtures.MODERN, List.of(protocol), name, true, 0, Duration.ofHours(1));
    RouteAction pong = new RouteAction.RespondWith(200, "pong", "text/plain");
    RouteTable routes =
        RouteTable.compile(
            List.of(
                route(new RouteConfig.Match.Exact("/pong"), List.of(), pong),
                route(new RouteConfig.Match.Prefix("/put"), List.of("PUT"), pong),
                route(
                    new RouteConfig.Match.Prefix("/app"),
                    List.of(),
                    new RouteAction.ForwardTo("app"))),
            upstream -> server);
    return new ServedHost(name, terms, routes, Answers.PLAIN, Answers.PLAIN);
  }

  private static RouteConfig route(
      RouteConfig.Match match, List<String> methods, RouteAction action) {
    return new RouteConfig(
        match,
        methods,
        action,
        Optional.empty(),
        Optional.empty(),
        OptionalLong.of(1_000_000),
        new RequestLimit.Choice.Common(),
        FieldEdits.NONE,
        FieldEdits.NONE);
  }

  /** The client sends, and the turn of the loop ends. */
  void send(ByteBuf octets) {
    channel.writeInbound(octets);
    settle();
  }

  /** A bar is a line end. */
  void send(String text) {
    send(Unpooled.copiedBuffer(text.replace("|", "\r\n"), ISO_8859_1));
  }

  void settle() {
    loop.settle();
    channel.runPendingTasks();
    loop.settle();
  }

  void pass(Duration time) {
    loop.pass(time);
    settle();
  }

  /** What the client has been sent since it was asked last. */
  ByteBuf sent() {
    ByteBuf all = Unpooled.buffer();
    for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
      all.writeBytes(part);
      part.release();
    }
    return all;
  }

  String text() {
    return sent().toString(ISO_8859_1).replace("\r\n", "|");
  }

  /** The socket takes nothing more, or takes everything again. */
  void writable(boolean writable) {
    channel.unsafe().outboundBuffer().setUserDefinedWritability(1, writable);
    channel.runPendingTasks();
  }

  @Override
  public void close() {
    channel.finishAndReleaseAll();
    loop.settle();
    loop.close();
  }

  private final class Ends implements ExchangeListener {
    @Override
    public void ended(ExchangeSummary summary) {
      ends.add(summary.target() + " " + summary.status() + " " + summary.error());
    }

    @Override
    public void rejected(String listener, String clientAddress, String reason) {
      rejections.add(reason);
    }
  }
}
