package io.lockgate.exchange;

import io.lockgate.config.model.FieldTemplate;
import io.lockgate.http.FieldSection;
import io.lockgate.http.FieldVariables;
import io.lockgate.http.Framing;
import io.lockgate.http.HeadWriter;
import io.lockgate.http.HopByHop;
import io.lockgate.http.HttpVersion;
import io.lockgate.http.MaxForwards;
import io.lockgate.http.Method;
import io.lockgate.http.RequestHead;
import io.lockgate.http.WebSocketHandshake;
import io.lockgate.upstream.Announcement;
import io.lockgate.upstream.OutboundRequest;
import io.lockgate.upstream.RequestFacts;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/**
 * A request as servers see it: without what belonged to the client's connection, and with what the
 * proxy and the route say of the client. Made of the client's own head, which it changes in place;
 * written anew for each attempt. On the exchange's event loop only.
 */
final class ForwardedRequest implements OutboundRequest, RequestFacts, FieldVariables {
  private final Exchange exchange;
  private final RequestHead head;

  /** Present where the client asks to change to WebSocket. */
  private final Optional<WebSocketHandshake> webSocket;

  /**
   * @param head of the exchange; its path is rewritten already
   */
  ForwardedRequest(Exchange exchange, RequestHead head) {
    this.exchange = exchange;
    this.head = head;
    this.webSocket = handshake();
    HopByHop.strip(head);
    MaxForwards.count(head);
    exchange.client().forwarded().apply(head);
    FieldSection fields = head.fields();
    exchange.identify(fields);
    exchange.passTrace(fields);
    exchange.route().requestEdits().apply(fields, this);
    if (webSocket.isPresent()) {
      fields.removeAll(WebSocketHandshake.KEY);
    }
  }

  /** What a server is asked for, if the client would change to WebSocket. */
  private Optional<WebSocketHandshake> handshake() {
    if (head.upgrade() != RequestHead.Upgrade.WEBSOCKET) {
      return Optional.empty();
    }
    return head.version() == HttpVersion.HTTP_2
        ? Optional.of(WebSocketHandshake.of(exchange.terms().requestIds().nonce()))
        : WebSocketHandshake.asked(head);
  }

  /** For fields that the route sets. */
  @Override
  public String value(FieldTemplate.Variable variable) {
    return switch (variable) {
      case CLIENT_ADDRESS -> exchange.clientAddress();
      case HOST -> head.authority();
      case REQUEST_ID -> exchange.requestId();
      default -> TlsVariables.value(exchange.tls(), variable);
    };
  }

  @Override
  public Method method() {
    return head.method();
  }

  @Override
  public boolean chunked() {
    return head.framing() == Framing.CHUNKED || head.framing() == Framing.UNTIL_END;
  }

  @Override
  public Optional<WebSocketHandshake> webSocket() {
    return webSocket;
  }

  @Override
  public void writeHttp1Head(ByteBuf out) {
    if (webSocket.isPresent()) {
      HeadWriter.webSocketRequest(out, head, skippedPath(), webSocket.get());
    } else {
      HeadWriter.request(out, head, skippedPath(), false);
    }
  }

  @Override
  public void visitHttp2Head(boolean https, HeadWriter.FieldVisitor visitor) {
    HeadWriter.visitRequest(head, skippedPath(), https, visitor);
  }

  private int skippedPath() {
    int prefix = exchange.route().stripPrefix();
    return prefix == 0 ? 0 : head.path().rawLength(prefix);
  }

  // ---- what the choice of a server may depend on

  @Override
  public FieldSection fields() {
    return head.fields();
  }

  @Override
  public Announcement announcement() {
    return exchange.client();
  }

  @Override
  public String clientAddress() {
    return exchange.clientAddress();
  }

  @Override
  public boolean connectsElsewhere(boolean unlessSaid) {
    return exchange.route().retry().connectElsewhere();
  }
}
