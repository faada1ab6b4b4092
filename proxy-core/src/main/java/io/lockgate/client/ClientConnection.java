package io.lockgate.client;

import io.lockgate.config.model.HttpConfig;
import io.lockgate.exchange.ClientFacts;
import io.lockgate.exchange.ExchangeTerms;
import io.lockgate.http.RequestHead;
import io.lockgate.loop.Loop;
import io.lockgate.snapshot.ServedHost;
import java.util.Optional;

/** The facts of a client's connection and how to end it. On its event loop only. */
public final class ClientConnection {
  private final ClientLoop shared;
  private final ExchangeTerms terms;
  private final ClientFacts facts;
  private final HttpConfig http;
  private final Optional<ServedHost> sniHost;
  private Closer closer = request -> {};
  ClientConnection previous;
  ClientConnection next;

  /**
   * @param http what the connection is held to for its whole life
   * @param sniHost the host whose terms were negotiated; empty without TLS
   */
  public ClientConnection(
      ClientLoop shared,
      ExchangeTerms terms,
      ClientFacts facts,
      HttpConfig http,
      Optional<ServedHost> sniHost) {
    this.shared = shared;
    this.terms = terms;
    this.facts = facts;
    this.http = http;
    this.sniHost = sniHost;
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
    closer.close(request);
  }

  public String listener() {
    return facts.listener();
  }

  public ClientFacts facts() {
    return facts;
  }

  public HttpConfig http() {
    return http;
  }

  /** Empty without TLS. */
  public Optional<ServedHost> sniHost() {
    return sniHost;
  }

  /** Whether requests for {@code host} may come over this connection (RFC 9110 section 15.5.20). */
  boolean covers(ServedHost host) {
    return sniHost.isEmpty()
        || sniHost.get().label().equals(host.label())
        || sniHost.get().terms().promisesSame(host.terms());
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

  RequestHead takeHead() {
    return shared.heads().take();
  }

  void giveBack(RequestHead head) {
    shared.heads().giveBack(head);
  }
}
