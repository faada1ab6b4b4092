package io.lockgate.config.hocon;

import static io.lockgate.config.hocon.ValueTypes.DURATION;
import static io.lockgate.config.hocon.ValueTypes.DURATION_OR_ZERO;
import static io.lockgate.config.hocon.ValueTypes.FILE;
import static io.lockgate.config.hocon.ValueTypes.SWITCH;
import static io.lockgate.config.hocon.ValueTypes.TEXT;
import static io.lockgate.config.hocon.ValueTypes.choice;
import static io.lockgate.config.hocon.ValueTypes.integer;
import static io.lockgate.config.hocon.ValueTypes.size;

import io.lockgate.config.hocon.Shape.ListOf;
import io.lockgate.config.hocon.Shape.Named;
import io.lockgate.config.hocon.Shape.Scalar;

/**
 * Every key there is, with its type, its default and a sentence for people. The reader, {@code
 * reference.conf} and the key table of the documents all come from this one value.
 */
final class Schema {
  static final int ANY = Integer.MAX_VALUE;

  private static final long MIB = 1 << 20;

  private static final Section LISTENER =
      Section.of(
          Key.of("address", new Scalar(NetworkTypes.LISTEN_ADDRESS), "IP address and port.")
              .required(),
          Key.of("tls", new Scalar(SWITCH), "off makes a plain listener.").or("on"),
          Key.of(
                  "protocols",
                  new ListOf(new Scalar(choice("h2", "http/1.1", "h3"))),
                  "What clients may speak (ALPN), most wanted first.")
              .or("h2", "http/1.1")
              .noting("on a plain listener [\"http/1.1\"]"),
          Key.of(
                  "redirect-to-https",
                  new Scalar(SWITCH),
                  "A plain listener that answers every request with a redirect to https.")
              .or("off"),
          Key.of(
                  "redirect-port",
                  new Scalar(integer(1, 65_535)),
                  "The port of https for clients that are redirected; needed behind a mapping of"
                      + " ports.")
              .noting(
                  "none for clients who named none, else that of the first TLS listener"
                      + " without proxy-protocol that serves the host"),
          Key.of(
                  "max-connections",
                  new Scalar(integer(0, ANY)),
                  "Its client connections at a time; 0 means no bound but limits.max-connections.")
              .or("0"),
          Key.section(
              "proxy-protocol",
              Section.of(
                  Key.of(
                          "accept",
                          new Scalar(SWITCH),
                          "Whether every connection begins with a PROXY protocol header, v1 or v2.")
                      .or("off"),
                  Key.of(
                          "trusted",
                          new ListOf(new Scalar(NetworkTypes.CIDR)),
                          "Who may send that header; connections of others are refused.")
                      .or()),
              "What a load balancer in front says about the client."));

  private static final Section HTTP =
      Section.of(
          Key.of(
                  "max-header-bytes",
                  new Scalar(size(1024, MIB)),
                  "Longest head of a request, all fields together (431).")
              .or("32KiB"),
          Key.of("max-header-count", new Scalar(integer(1, 10_000)), "Most fields in a head (431).")
              .or("128"),
          Key.of("max-request-line", new Scalar(size(256, MIB)), "Longest request line (414).")
              .or("8KiB"),
          Key.of(
                  "header-timeout",
                  new Scalar(DURATION),
                  "A request's head has to be complete after this time (408).")
              .or("10s"),
          Key.of(
                  "idle-timeout",
                  new Scalar(DURATION),
                  "A connection without a request in hand is closed after this time.")
              .or("75s"),
          Key.of(
                  "body-idle-timeout",
                  new Scalar(DURATION),
                  "Longest silence in the middle of a request's or a response's content.")
              .or("30s"),
          Key.of(
                  "error-pages",
                  HostSchema.ERROR_PAGES,
                  "Bodies of the proxy's own answers, by status such as 404 or, for all others, 4xx"
                      + " and 5xx: .html, .txt, .json or .xml in UTF-8, up to 256KiB.")
              .or(),
          Key.section("h2", http2(), "HTTP/2 with clients."),
          Key.section(
              "forwarded", forwarded(), "The fields that tell an upstream who the client is."),
          Key.section(
              "request-id",
              Section.of(
                  Key.of(
                          "header",
                          new Scalar(NetworkTypes.FIELD_NAME),
                          "The field that carries it.")
                      .or("X-Request-Id"),
                  Key.of(
                          "trust-client",
                          new Scalar(SWITCH),
                          "Whether an id that the client sent is kept.")
                      .or("off")),
              "The id that joins a response, a line of the access log and the upstream's log."),
          Key.section(
              "websocket",
              Section.of(
                  Key.of(
                          "enabled",
                          new Scalar(SWITCH),
                          "Whether clients may change to WebSocket; the server has to agree, too.")
                      .or("on"),
                  Key.of(
                          "idle-timeout",
                          new Scalar(DURATION),
                          "A WebSocket on which neither side says anything is closed after this"
                              + " time.")
                      .or("5m")),
              "WebSocket, over HTTP/1.1 and over HTTP/2."));

  /** The section under the root key {@code lockgate}. */
  static final Section LOCKGATE =
      Section.of(
          Key.of(
                  "include-files",
                  new ListOf(new Scalar(TEXT)),
                  "Further files, such as \"hosts.d/*.conf\", read in the order of their names. A"
                      + " later file overrides an earlier one.")
              .or(),
          Key.of(
                  "listeners",
                  new Named("listener", name("listener"), false, LISTENER),
                  "Sockets that accept clients.")
              .or(),
          Key.of(
                  "tls-policies",
                  new Named("tls-policy", name("tls-policy"), false, TlsSchema.POLICY),
                  "What hosts are willing to negotiate. Built in are modern (TLS 1.3 only) and"
                      + " intermediate (TLS 1.2 and 1.3 with forward secrecy and AEAD ciphers).")
              .or(),
          Key.section("tls", TlsSchema.TLS, "TLS settings that are not a policy's."),
          Key.of(
                  "certificates",
                  new Named("certificate", name("certificate"), false, TlsSchema.CERTIFICATE),
                  "Where certificates come from. Which one a host presents is decided by the names in"
                      + " it and by what the client can verify.")
              .or(),
          Key.of(
                  "upstreams",
                  new Named("upstream", name("upstream"), false, UpstreamSchema.UPSTREAM),
                  "Groups of servers that answer the same requests.")
              .or(),
          Key.of(
                  "hosts",
                  new Named("host", NetworkTypes.HOST_NAME, true, HostSchema.HOST),
                  "The names that clients ask for: exact names, left-most wildcards"
                      + " \"*.example.com\", IP addresses. The most specific wins.")
              .or(),
          Key.section("http", HTTP, "What every HTTP connection from a client is held to."),
          Key.section("limits", limits(), "Bounds of the whole process."),
          Key.section(
              "shutdown",
              Section.of(
                  Key.of(
                          "drain-timeout",
                          new Scalar(DURATION_OR_ZERO),
                          "After TERM, how long requests in hand may take to finish.")
                      .or("30s")),
              "How the daemon stops."),
          Key.section("admin", admin(), "The admin endpoint."),
          Key.section("access-log", accessLog(), "A line for every exchange."),
          Key.section(
              "alerts", AlertsSchema.ALERTS, "What somebody is to be told of: GET /alerts."),
          Key.section("tracing", tracing(), "Spans of requests for OpenTelemetry."),
          Key.section(
              "runtime", runtime(), "How the process uses the machine; read once at start."));

  private Schema() {}

  private static ValueType name(String noun) {
    return new ValueType(
        noun + " name",
        text ->
            text.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
                ? Parsed.good(text)
                : Parsed.bad(
                    "bad-name",
                    Quoted.inMessage(text) + " cannot be used as a name",
                    "up to 64 letters, digits, dots, dashes and underscores"));
  }

  private static Section http2() {
    return Section.of(
        Key.of(
                "max-concurrent-streams",
                new Scalar(integer(1, 100_000)),
                "Requests of one connection at a time.")
            .or("128"),
        Key.of(
                "initial-window",
                new Scalar(size(65_535, 16 * MIB)),
                "Bytes of request content a client may send ahead, per stream.")
            .or("256KiB"),
        Key.of(
                "window",
                new Scalar(DURATION),
                "The time within which the following are counted; a connection that goes beyond"
                    + " one of them is closed.")
            .or("30s"),
        Key.of(
                "max-resets",
                new Scalar(integer(1, ANY)),
                "Streams that the client resets, and as many whose reset it provokes.")
            .or("200"),
        Key.of("max-settings", new Scalar(integer(1, ANY)), "SETTINGS frames.").or("50"),
        Key.of("max-pings", new Scalar(integer(1, ANY)), "PING frames.").or("300"),
        Key.of(
                "max-empty-frames",
                new Scalar(integer(1, ANY)),
                "DATA frames in a row that carry nothing and end nothing.")
            .or("100"),
        Key.of(
                "max-small-frames",
                new Scalar(integer(1, ANY)),
                "DATA frames that carry fewer than 16 bytes and end nothing, or fewer than 1024"
                    + " for a stream that is closed already.")
            .or("20000"),
        Key.of(
                "max-window-updates",
                new Scalar(integer(1, ANY)),
                "WINDOW_UPDATE frames beyond ten for each DATA frame sent to the client.")
            .or("2000"),
        Key.of(
                "max-other-frames",
                new Scalar(integer(1, ANY)),
                "PRIORITY, PRIORITY_UPDATE and GOAWAY frames, and such of unknown types.")
            .or("2000"));
  }

  private static Section forwarded() {
    return Section.of(
        Key.of(
                "trusted",
                new ListOf(new Scalar(NetworkTypes.CIDR)),
                "Proxies whose X-Forwarded-* and Forwarded fields are extended; what others sent"
                    + " is replaced.")
            .or(),
        Key.of(
                "x-forwarded",
                new Scalar(SWITCH),
                "Send X-Forwarded-For, X-Forwarded-Host and X-Forwarded-Proto.")
            .or("on"),
        Key.of("forwarded", new Scalar(SWITCH), "Send Forwarded (RFC 7239).").or("off"));
  }

  private static Section limits() {
    return Section.of(
        Key.of("max-connections", new Scalar(integer(1, ANY)), "Client connections at a time.")
            .or("100000"),
        Key.of(
                "max-connections-per-client",
                new Scalar(integer(0, ANY)),
                "The same for each client address, of IPv6 for each /64; 0 means no bound.")
            .or("0"),
        Key.of(
                "handshakes-per-second",
                new Scalar(integer(0, ANY)),
                "TLS handshakes a second, those that resume a session before the others; what is"
                    + " beyond is closed at once. 0 means no bound.")
            .or("0"),
        Key.of(
                "max-concurrent-handshakes",
                new Scalar(integer(0, ANY)),
                "TLS handshakes at a time, in the same order; 0 means no bound.")
            .or("0"),
        Key.of(
                "memory",
                new Scalar(ValueTypes.MEMORY),
                "How much memory the process may use, as a share of the machine's (or the"
                    + " container's) or as a size. Beyond it new connections are closed at once, and"
                    + " further beyond new requests are answered with 503.")
            .or("70%"),
        Key.of(
            "requests",
            RequestLimits.SECTION,
            "How many requests are let through of all routes together that have no limit of"
                + " their own; the rest is answered with 429."));
  }

  private static Section admin() {
    return Section.of(
        Key.of(
                "address",
                new Scalar(NetworkTypes.LISTEN_ADDRESS),
                "IP address and port. Beyond loopback a token is required.")
            .or("127.0.0.1:9901"),
        Key.of(
                "token",
                new Scalar(NetworkTypes.TOKEN),
                "What a client has to present to change anything; usually"
                    + " ${?LOCKGATE_ADMIN_TOKEN}.")
            .hidden());
  }

  private static Section tracing() {
    return Section.of(
        Key.of(
                "endpoint",
                new Scalar(AlertsSchema.HTTP_URL),
                "Of a collector that takes OTLP over HTTP in JSON: http://HOST:4318/v1/traces; no"
                    + " tracing without.")
            .hidden(),
        Key.of(
                "sample",
                new Scalar(ValueTypes.finePercent()),
                "Share of requests that get a span, of those whose trace begins here.")
            .or("1%"),
        Key.of(
                "trust-client",
                new Scalar(SWITCH),
                "Whether traces that clients have begun (traceparent) go on, recorded where they ask"
                    + " for it.")
            .or("off"),
        Key.of("service-name", new Scalar(TEXT), "What the spans are of.").or("lockgate"));
  }

  private static Section accessLog() {
    return Section.of(
        Key.of("path", new Scalar(FILE), "A file; \"-\" is standard output.").or("-"),
        Key.of("format", new Scalar(choice("json", "ecs", "combined", "off")), "How a line looks.")
            .or("json"),
        Key.of(
                "sample",
                new Scalar(ValueTypes.finePercent()),
                "Share of exchanges that get a line; errors always get one.")
            .or("100%"));
  }

  private static Section runtime() {
    return Section.of(
        Key.of(
                "transport",
                new Scalar(choice("auto", "io_uring", "epoll", "nio")),
                "How the kernel is asked for I/O; auto takes the fastest that works here.")
            .or("auto"),
        Key.of("event-loops", new Scalar(integer(0, 1024)), "Threads; 0 means one per processor.")
            .or("0"),
        Key.of(
                "watch",
                new Scalar(SWITCH),
                "Whether a change of the configuration's files, certificates and trust is a reload.")
            .or("off"),
        Key.of(
                "warm-up",
                new Scalar(SWITCH),
                "Have a second proxy within the process ask itself, on loopback, while no client is"
                    + " connected after a start and before an upgrade takes over, until its code is"
                    + " compiled.")
            .or("on"));
  }
}
