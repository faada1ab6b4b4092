package io.lockgate.client;

import io.lockgate.exchange.Answers;
import io.lockgate.exchange.ClientStream;
import io.lockgate.exchange.Exchange;
import io.lockgate.exchange.Failure;
import io.lockgate.http.AsciiBytes;
import io.lockgate.http.RequestHead;
import io.lockgate.route.Route;
import io.lockgate.route.UndecidedPath;
import io.lockgate.snapshot.ListenerHosts;
import io.lockgate.snapshot.RedirectPorts;
import io.lockgate.snapshot.ServedHost;
import io.lockgate.snapshot.Snapshot;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * From a checked head to a running exchange: host, terms, route. Written once for both protocols;
 * one per connection, so that the host of the request before is found again without a look-up.
 */
final class RequestRouter {
  private final ClientConnection connection;
  private long generation = -1;
  private ListenerHosts hosts;
  private AsciiBytes lastName = AsciiBytes.of("");
  private Optional<ServedHost> lastHost = Optional.empty();

  RequestRouter(ClientConnection connection) {
    this.connection = connection;
    this.hosts = connection.accepted();
  }

  /** The exchange made for a head; {@link #serve} sets it going once the caller has taken note. */
  Exchange begin(RequestHead head, ClientStream stream) {
    Optional<ServedHost> host = hostOf(head);
    boolean tls = connection.sniHost().isPresent();
    return new Exchange(
        connection.terms(),
        connection.facts(),
        stream,
        head,
        host.isPresent() ? host.get().label() : "other",
        answers(host, tls));
  }

  private Answers answers(Optional<ServedHost> host, boolean tls) {
    if (host.isEmpty()) {
      return connection.shared().current().get().http().answers();
    }
    return tls ? host.get().answers() : host.get().answersInClear();
  }

  void serve(Exchange exchange, RequestHead head) {
    Optional<ServedHost> host = hostOf(head);
    if (hosts.redirectPorts().isPresent()) {
      exchange.redirect(308, httpsLocation(head, hosts.redirectPorts().get()));
    } else if (host.isEmpty() || host.get().relay().isPresent()) {
      exchange.refuse(
          connection.sniHost().isPresent() ? Failure.MISDIRECTED : Failure.UNKNOWN_HOST, "");
    } else if (connection.sniHost().isEmpty() && host.get().terms().clientAuth().requires()) {
      exchange.refuse(Failure.CLIENT_CERTIFICATE_REQUIRED, "");
    } else if (!connection.covers(host.get())) {
      exchange.refuse(Failure.MISDIRECTED, "");
    } else if (head.asterisk()) {
      exchange.answerEmpty(204);
    } else {
      route(exchange, head, host.get());
    }
  }

  private static void route(Exchange exchange, RequestHead head, ServedHost host) {
    Optional<Route> route;
    String allowed;
    try {
      route = host.routes().match(head);
      allowed = route.isPresent() ? "" : host.routes().allowed(head);
    } catch (UndecidedPath e) {
      // Passed over, the route might be the one that keeps the path from another.
      exchange.limit(Failure.PATH_UNDECIDED, 0);
      return;
    }
    if (route.isPresent()) {
      exchange.serve(route.get());
      return;
    }
    exchange.refuse(allowed.isEmpty() ? Failure.NO_ROUTE : Failure.METHOD_NOT_ALLOWED, allowed);
  }

  private Optional<ServedHost> hostOf(RequestHead head) {
    Snapshot now = connection.shared().current().get();
    if (now.generation() == generation
        && lastName.matches(head.bytes(), head.hostStart(), head.hostEnd())) {
      return lastHost;
    }
    if (now.generation() != generation) {
      // A listener that this generation no longer has goes on with what it had: it is being closed.
      hosts = now.listener(hosts.config().name(), hosts.config().address()).orElse(hosts);
      generation = now.generation();
    }
    lastName = AsciiBytes.copyOf(head.bytes(), head.hostStart(), head.hostEnd());
    lastHost = hosts.find(lastName.toString());
    return lastHost;
  }

  /**
   * A client that named no port came by the standard one and is sent to the standard one; another
   * came to the listener directly. Where ports are mapped the operator knows better than both.
   */
  private AsciiBytes httpsLocation(RequestHead head, RedirectPorts ports) {
    String host = head.host();
    String authority = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    OptionalInt configured = hosts.config().redirectPort();
    int port = configured.orElseGet(() -> ports.of(host));
    boolean named = configured.isPresent() || (head.port() >= 0 && head.port() != 80);
    if (named && port != 443) {
      authority += ":" + port;
    }
    return AsciiBytes.of("https://" + authority + (head.asterisk() ? "/" : head.target()));
  }
}
