package io.lockgate.bench;

import io.lockgate.client.ClientConnection;
import io.lockgate.client.ClientLoop;
import io.lockgate.client.LoopTerms;
import io.lockgate.config.model.BindAddress;
import io.lockgate.config.model.FieldEdits;
import io.lockgate.config.model.HttpConfig;
import io.lockgate.config.model.ListenerConfig;
import io.lockgate.config.model.RequestLimit;
import io.lockgate.config.model.RouteAction;
import io.lockgate.config.model.RouteConfig;
import io.lockgate.exchange.Answers;
import io.lockgate.exchange.ClientFacts;
import io.lockgate.exchange.RequestIds;
import io.lockgate.exchange.Tracer;
import io.lockgate.http.AsciiBytes;
import io.lockgate.http.ForwardedFields;
import io.lockgate.limit.MemoryPressure;
import io.lockgate.loop.EmbeddedLoop;
import io.lockgate.metrics.LoopMetrics;
import io.lockgate.metrics.ProxyMetrics;
import io.lockgate.route.RouteTable;
import io.lockgate.snapshot.CurrentSnapshot;
import io.lockgate.snapshot.HttpTerms;
import io.lockgate.snapshot.ListenerHosts;
import io.lockgate.snapshot.ServedHost;
import io.lockgate.snapshot.Snapshot;
import io.lockgate.tls.SniTable;
import io.lockgate.tls.Staples;
import io.lockgate.tls.TlsFacts;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * A client's connection in clear with all of the proxy behind it but sockets: {@code /pong} is
 * answered at once, everything else by an {@link AnsweringServer}. Metrics are kept, lines are not
 * logged and nothing is traced.
 */
final class ServedClient implements AutoCloseable {
  static final String HOST = "www.example.test";
  private static final String LISTENER = "http";
  private static final int PORT = 80;
  private static final HttpConfig HTTP =
      new HttpConfig(
          32 * 1024,
          128,
          8 * 1024,
          Duration.ofSeconds(10),
          Duration.ofHours(1),
          Duration.ofSeconds(30),
          new HttpConfig.Http2(
              128, 256 * 1024, Duration.ofSeconds(30), 200, 100, 100, 100, 1_000, 1_000, 1_000),
          new HttpConfig.Forwarded(List.of(), true, false),
          new HttpConfig.RequestId("X-Request-Id", false),
          new HttpConfig.WebSocket(true, Duration.ofMinutes(5)));

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final AnsweringServer server = new AnsweringServer();

  ServedClient(Function<ClientConnection, ChannelHandler> protocol) {
    channel.pipeline().addLast(protocol.apply(connection()));
  }

  private ClientConnection connection() {
    ListenerHosts hosts = hosts();
    HttpTerms terms =
        new HttpTerms(
            HTTP,
            ForwardedFields.of(HTTP.forwarded()),
            AsciiBytes.of(HTTP.requestId().header()),
            Answers.PLAIN);
    Snapshot snapshot =
        new Snapshot(
            1,
            null,
            null,
            null,
            null,
            null,
            terms,
            Map.of(LISTENER, hosts),
            Map.of(),
            Staples.NONE);
    LoopMetrics metrics = new ProxyMetrics(1, List.of()).forLoop(0);
    ClientLoop clients = new ClientLoop(new CurrentSnapshot(snapshot));
    LoopTerms loopTerms =
        new LoopTerms(
            EmbeddedLoop.of(channel),
            metrics,
            metrics,
            new RequestIds(new SplittableRandom(1)),
            unused -> Tracer.OFF,
            MemoryPressure.NONE);
    InetAddress address = InetAddress.getLoopbackAddress();
    ClientFacts facts =
        new ClientFacts(
            LISTENER,
            address.getHostAddress(),
            Optional.empty(),
            TlsFacts.NONE,
            terms.forwarded().forConnection(address, address.getHostAddress(), false, PORT));
    return new ClientConnection(
        clients, loopTerms.of(snapshot), facts, HTTP, hosts, Optional.empty());
  }

  private ListenerHosts hosts() {
    RouteTable routes =
        RouteTable.compile(
            List.of(
                route(
                    new RouteConfig.Match.Exact("/pong"),
                    new RouteAction.RespondWith(200, "pong", "text/plain")),
                route(new RouteConfig.Match.Prefix("/"), new RouteAction.ForwardTo("app"))),
            upstream -> server);
    ServedHost host = new ServedHost(HOST, TlsServer.TERMS, routes, Answers.PLAIN, Answers.PLAIN);
    SniTable.Builder<ServedHost> names = SniTable.builder();
    names.add(HOST, host);
    return new ListenerHosts(
        new ListenerConfig(
            LISTENER,
            new BindAddress("127.0.0.1", PORT),
            false,
            List.of(),
            false,
            0,
            ListenerConfig.ProxyProtocolConfig.OFF),
        List.of(host),
        names.build(),
        Optional.empty(),
        hello -> {
          throw new AssertionError("no handshake here");
        },
        Optional.empty());
  }

  private static RouteConfig route(RouteConfig.Match match, RouteAction action) {
    return new RouteConfig(
        match,
        List.of(),
        action,
        Optional.empty(),
        Optional.empty(),
        OptionalLong.empty(),
        new RequestLimit.Choice.Common(),
        FieldEdits.NONE,
        FieldEdits.NONE);
  }

  /**
   * The client sends, and the server, if it was asked, answers in a turn of its own.
   *
   * @param octets taken over
   * @return how many octets the client got
   */
  int exchange(ByteBuf octets) {
    channel.writeInbound(octets);
    channel.runPendingTasks();
    if (server.answer()) {
      channel.runPendingTasks();
    }
    int length = 0;
    for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
      length += part.readableBytes();
      part.release();
    }
    return length;
  }

  @Override
  public void close() {
    channel.finishAndReleaseAll();
    server.close();
  }
}
