package io.lockgate.config.hocon;

import static io.lockgate.config.hocon.ValueTypes.DURATION;
import static io.lockgate.config.hocon.ValueTypes.DURATION_OR_ZERO;
import static io.lockgate.config.hocon.ValueTypes.FILE;
import static io.lockgate.config.hocon.ValueTypes.SWITCH;
import static io.lockgate.config.hocon.ValueTypes.TEXT;
import static io.lockgate.config.hocon.ValueTypes.choice;
import static io.lockgate.config.hocon.ValueTypes.integer;
import static io.lockgate.config.hocon.ValueTypes.percent;
import static io.lockgate.config.hocon.ValueTypes.size;

import io.lockgate.config.hocon.Shape.ListOf;
import io.lockgate.config.hocon.Shape.Scalar;
import io.lockgate.config.hocon.Shape.TextOr;

/** The keys of an upstream. */
final class UpstreamSchema {
  static final ValueType RETRY_CONDITION =
      choice("connect-failure", "reset-before-response", "refused-stream");

  private static final Section SERVER =
      Section.of(
          Key.of(
                  "address",
                  new Scalar(NetworkTypes.SERVER_ADDRESS),
                  "Name or IP address, and port; or unix: and the path of a socket.")
              .required(),
          Key.of(
                  "weight",
                  new Scalar(integer(1, 1000)),
                  "Share of requests, relative to the other servers.")
              .or("1"),
          Key.of(
                  "backup",
                  new Scalar(SWITCH),
                  "Used only where too few of the others are healthy; short for priority = 1.")
              .or("off"),
          Key.of(
                  "priority",
                  new Scalar(integer(0, 9)),
                  "Servers with a higher number are used only where too few of those with a lower"
                      + " one are healthy.")
              .or("0"));

  static final Section UPSTREAM =
      Section.of(
          Key.of(
                  "servers",
                  new ListOf(new TextOr(new Scalar(NetworkTypes.SERVER_ADDRESS), SERVER)),
                  "Each \"HOST:PORT\", \"unix:PATH\", or a block { address, weight, backup }. A name"
                      + " stands for all its addresses, which are looked up again and again.")
              .required(),
          Key.of(
                  "protocol",
                  new Scalar(choice("http/1.1", "h2", "auto")),
                  "What is spoken to the servers; auto asks by ALPN.")
              .or("http/1.1"),
          Key.of("balance", balance(), "How a server is picked.").or("round-robin"),
          Key.of(
                  "slow-start",
                  new Scalar(DURATION_OR_ZERO),
                  "How long a server that is new or has returned takes to get its full share.")
              .or("0s"),
          Key.of(
                  "panic-threshold",
                  new Scalar(percent(0, 100)),
                  "Where fewer than this share of servers are healthy, all are used; they always"
                      + " are where none is.")
              .or("0%"),
          Key.of(
                  "backup-below",
                  new Scalar(percent(0, 100)),
                  "Where fewer than this share of a priority group are healthy, the next group is"
                      + " used as well; it always is where none is.")
              .or("0%"),
          Key.of("tls", tls(), "Being there, it makes connections to the servers TLS."),
          Key.of("connect-timeout", new Scalar(DURATION), "For opening a connection (504).")
              .or("2s"),
          Key.of(
                  "response-timeout",
                  new Scalar(DURATION),
                  "From the end of the request to the head of the response (504).")
              .or("60s"),
          Key.of("idle-timeout", new Scalar(DURATION), "How long an unused connection is kept.")
              .or("60s"),
          Key.of(
                  "max-connections",
                  new Scalar(integer(1, 1_000_000)),
                  "Connections at a time, to all servers together.")
              .or("1024"),
          Key.of(
                  "max-waiting",
                  new Scalar(integer(0, 1_000_000)),
                  "Requests that may wait for a connection; more get 503.")
              .or("1024"),
          Key.of("max-wait", new Scalar(DURATION), "How long a request waits for one (503).")
              .or("2s"),
          Key.of(
                  "max-requests-per-connection",
                  new Scalar(integer(0, Schema.ANY)),
                  "After these a connection is closed; 0 means no bound.")
              .or("0"),
          Key.of("health", health(), "Being there, it has servers probed."),
          Key.of("ejection", ejection(), "Being there, it takes failing servers out for a while."),
          Key.section("retry", retry(), "When a request is sent again, to the next server."),
          Key.of(
                  "send-proxy-protocol",
                  new Scalar(choice("off", "v1", "v2")),
                  "Begin connections with a PROXY protocol header.")
              .or("off"));

  private UpstreamSchema() {}

  private static Shape balance() {
    return new TextOr(
        new Scalar(choice("round-robin", "least-requests", "random")),
        Section.of(
            Key.of(
                "hash",
                Section.of(
                    Key.of(
                            "on",
                            new Scalar(NetworkTypes.HASH_KEY),
                            "client-ip, \"header:NAME\" or \"cookie:NAME\".")
                        .required()),
                "The same server for the same client."),
            Key.of("sticky-cookie", sticky(), "Back to the server that the client had before.")));
  }

  private static Section sticky() {
    return Section.of(
        Key.of("name", new Scalar(NetworkTypes.FIELD_NAME), "The cookie's name.").required(),
        Key.of(
                "ttl",
                new Scalar(DURATION_OR_ZERO),
                "How long it is good for; 0s means until the browser ends.")
            .or("0s"),
        Key.of("secure", new Scalar(SWITCH), "Whether browsers send it over TLS only.").or("on"),
        Key.of(
                "same-site",
                new Scalar(choice("strict", "lax", "none")),
                "With which requests from other sites browsers send it.")
            .or("lax"),
        Key.of(
                "key",
                new Scalar(NetworkTypes.TOKEN),
                "What it is signed with, the same for all processes that share clients; one that"
                    + " lives as long as the process if left out.")
            .hidden(),
        Key.of(
                "otherwise",
                new Scalar(choice("round-robin", "least-requests", "random")),
                "How a server is picked for a client without the cookie.")
            .or("round-robin"));
  }

  private static Section tls() {
    return Section.of(
        Key.of("server-name", new Scalar(NetworkTypes.HOST_NAME), "SNI, and the name verified.")
            .noting("the server's name"),
        Key.of("trust", new Scalar(FILE), "PEM with the CAs to trust.").noting("the system's"),
        Key.of("client-certificate", new Scalar(TEXT), "The certificate to present, by its name."),
        Key.of("verify", new Scalar(SWITCH), "Whether the server's certificate is verified.")
            .or("on"),
        Key.of("policy", new Scalar(TEXT), "TLS policy towards the servers.").noting("tls.policy"),
        Key.of(
            "pins",
            new ListOf(new Scalar(NetworkTypes.KEY_PIN)),
            "Public keys of which the server must have one: \"sha256:\" and the SHA-256 of the"
                + " SubjectPublicKeyInfo, in hex or Base64."));
  }

  private static Section health() {
    return Section.of(
        Key.of(
                "type",
                new Scalar(choice("http", "tcp", "grpc")),
                "What proves that a server is well: a good answer to a GET, a connection that"
                    + " opens, or grpc.health.v1 saying that it serves.")
            .noting("http with a path, tcp without"),
        Key.of("path", new Scalar(NetworkTypes.URL_PATH), "What is asked for, with type = http."),
        Key.of(
            "service",
            new Scalar(NetworkTypes.TOKEN),
            "Which service is asked about, with type = grpc; left out, the server as a whole."),
        Key.of("host", new Scalar(NetworkTypes.FIELD_VALUE), "The value of the Host field.")
            .noting("the server's address"),
        Key.of("interval", new Scalar(DURATION), "How often.").or("5s"),
        Key.of("timeout", new Scalar(DURATION), "How long an answer may take.").or("2s"),
        Key.of("healthy-after", new Scalar(integer(1, 1000)), "Good answers in a row.").or("2"),
        Key.of("unhealthy-after", new Scalar(integer(1, 1000)), "Bad answers in a row.").or("3"),
        Key.of("expect", new ListOf(new Scalar(integer(100, 599))), "Statuses that are good.")
            .or("200"));
  }

  private static Section ejection() {
    return Section.of(
        Key.of("consecutive-failures", new Scalar(integer(1, 100_000)), "Failures in a row.")
            .or("5"),
        Key.of(
                "for",
                new Scalar(DURATION),
                "How long a server is left out; longer each time it happens again.")
            .or("30s"),
        Key.of(
                "latency-factor",
                new Scalar(integer(0, 1000)),
                "A server that takes this many times as long as the others is left out, too; 0"
                    + " means that it may.")
            .or("0"),
        Key.of("max-ejected", new Scalar(percent(0, 100)), "Share of servers left out at most.")
            .or("50%"));
  }

  private static Section retry() {
    return Section.of(
        Key.of("attempts", new Scalar(integer(0, 10)), "Further attempts after the first.").or("1"),
        Key.of(
                "on",
                new ListOf(new Scalar(RETRY_CONDITION)),
                "After which failures. A request that may have been acted on is sent again only if"
                    + " its method is idempotent.")
            .or("connect-failure", "reset-before-response", "refused-stream"),
        Key.of("budget", new Scalar(percent(0, 100)), "Retries as a share of requests, at most.")
            .or("20%"),
        Key.of(
                "per-try-timeout",
                new Scalar(DURATION_OR_ZERO),
                "A server that has not begun to answer by then is given up, and the request goes to"
                    + " the next one where that is safe; 0s means no such bound.")
            .or("0s"),
        Key.of(
                "replay-body",
                new Scalar(size(0, 16 << 20)),
                "A request's content up to this size is kept, so that it can be sent again.")
            .or("0B"));
  }
}
