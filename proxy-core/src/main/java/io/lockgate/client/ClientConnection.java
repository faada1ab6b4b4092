package io.lockgate.client;

import io.lockgate.config.model.HttpConfig;
import io.lockgate.exchange.ClientFacts;
import io.lockgate.exchange.ExchangeTerms;
import io.lockgate.http.RequestHead;
import io.lockgate.loop.Loop;
import io.lockgate.snapshot.ListenerHosts;
import io.lockgate.snapshot.ServedHost;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.WriteBufferWaterMark;
import java.util.Locale;
import java.util.Optional;

/** The facts of a client's connection and how to end it. On its event loop only. */
public final class ClientConnection {
  public static final WriteBufferWaterMark USUAL = new WriteBufferWaterMark(64 * 1024, 256 * 1024);
  private static final WriteBufferWaterMark SHORT_OF_MEMORY =
      new WriteBufferWaterMark(4 * 1024, 8 * 1024);

  private final ClientLoop shared;
  private final ExchangeTerms terms;
  private final ClientFacts facts;
  private final HttpConfig http;
  private final ListenerHosts accepted;
  private final Optional<ServedHost> sniHost;
  private final long sinceNanos;
  private Closer closer = request -> {};
  private Optional<Channel> channel = Optional.empty();
  private boolean ending;
  ClientConnection previous;
  ClientConnection next;

  /**
   * @param http what the connection is held to for its whole life
   * @param accepted the listener as it served when the connection came in
   * @param sniHost the host whose terms were negotiated; empty without TLS
   */
  public ClientConnection(
      ClientLoop shared,
      ExchangeTerms terms,
      ClientFacts facts,
      HttpConfig http,
      ListenerHosts accepted,
      Optional<ServedHost> sniHost) {
    this.shared = shared;
    this.terms = terms;
    this.facts = facts;
    this.http = http;
    this.accepted = accepted;
    this.sniHost = sniHost;
    this.sinceNanos = terms.loop().nanoTime();
  }

  /** How the protocol in use ends a connection. */
  public interface Closer {
    void close(CloseRequest request);
  }

  /** Says how this connection ends; called once the protocol is known. */
  public void onClose(Closer newCloser) {
    closer = newCloser;
  }

  public void close(CloseRequest request) {
    ending = true;
    closer.close(request);
  }

  /** Whether it was asked to end, so that nothing of length is begun any more. */
  boolean ending() {
    return ending;
  }

  /** Says what carries the connection. */
  public void over(Channel carrier) {
    channel = Optional.of(carrier);
  }

  /** Bytes that the client has not taken yet. */
  long pendingBytes() {
    ChannelOutboundBuffer pending =
        channel.map(carrier -> carrier.unsafe().outboundBuffer()).orElse(null);
    return pending == null ? 0 : pending.totalPendingWriteBytes();
  }

  /** Has less, or as much as ever, wait for a client that reads slowly. */
  public void throttle(boolean on) {
    channel.ifPresent(
        carrier -> carrier.config().setWriteBufferWaterMark(on ? SHORT_OF_MEMORY : USUAL));
  }

  public String listener() {
    return facts.listener();
  }

  /** Label of the host whose terms were negotiated; empty without TLS. */
  public String host() {
    return sniHost.map(ServedHost::label).orElse("");
  }

  /** What is spoken: h1, h2, tcp or passthrough. */
  public String protocol() {
    Optional<ServedHost.RelayTarget> relay = sniHost.flatMap(ServedHost::relay);
    if (relay.isPresent()) {
      return relay.get().config().mode().name().toLowerCase(Locale.ROOT);
    }
    return facts.tls().alpn().equals("h2") ? "h2" : "h1";
  }

  /** When the connection began to be served, by the loop's clock. */
  public long sinceNanos() {
    return sinceNanos;
  }

  public ClientFacts facts() {
    return facts;
  }

  public HttpConfig http() {
    return http;
  }

  /** The listener as it served when the connection came in. */
  public ListenerHosts accepted() {
    return accepted;
  }

  /** Empty without TLS. */
  public Optional<ServedHost> sniHost() {
    return sniHost;
  }

  /** Whether requests for {@code host} may come over this connection (RFC 9110 section 15.5.20). */
  boolean covers(ServedHost host) {
    if (sniHost.isEmpty()) {
      return true;
    }
    ServedHost own = sniHost.get();
    // The host's own connections outlive a change of its terms by a moment, but not one of what it
    // demands of clients.
    return own.label().equals(host.label())
        ? own.terms().clientAuth().promisesSame(host.terms().clientAuth())
        : own.terms().promisesSame(host.terms());
  }

  Loop loop() {
    return terms.loop();
  }

  ClientLoop shared() {
    return shared;
  }

  ExchangeTerms terms() {
    return terms;
  }

  /** Says that the client sent something that was not accepted, and why. */
  void tellRejected(String reason) {
    terms.listener().rejected(listener(), facts.clientAddress(), reason);
  }

  RequestHead takeHead() {
    return shared.heads().take();
  }

  void giveBack(RequestHead head) {
    shared.heads().giveBack(head);
  }
}
