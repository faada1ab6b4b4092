package io.lockgate.config.hocon;

import static io.lockgate.config.hocon.ValueTypes.DURATION;
import static io.lockgate.config.hocon.ValueTypes.FILE;
import static io.lockgate.config.hocon.ValueTypes.SWITCH;
import static io.lockgate.config.hocon.ValueTypes.TEXT;
import static io.lockgate.config.hocon.ValueTypes.choice;
import static io.lockgate.config.hocon.ValueTypes.integer;
import static io.lockgate.config.hocon.ValueTypes.percent;

import io.lockgate.config.hocon.Shape.ListOf;
import io.lockgate.config.hocon.Shape.Scalar;
import io.lockgate.config.hocon.Shape.TextOr;

/** The keys of an upstream. */
final class UpstreamSchema {
  private static final Section SERVER =
      Section.of(
          Key.of(
                  "address",
                  new Scalar(NetworkTypes.SERVER_ADDRESS),
                  "Name or IP address, and port.")
              .required(),
          Key.of(
                  "weight",
                  new Scalar(integer(1, 1000)),
                  "Share of requests, relative to the other servers.")
              .or("1"));

  static final Section UPSTREAM =
      Section.of(
          Key.of(
                  "servers",
                  new ListOf(new TextOr(new Scalar(NetworkTypes.SERVER_ADDRESS), SERVER)),
                  "Each \"HOST:PORT\", or a block { address, weight }. Names are looked up again"
                      + " and again.")
              .required(),
          Key.of(
                  "protocol",
                  new Scalar(choice("http/1.1", "h2", "auto")),
                  "What is spoken to the servers; auto asks by ALPN.")
              .or("http/1.1"),
          Key.of("balance", balance(), "How a server is picked.").or("round-robin"),
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
                    Key.of("on", new Scalar(TEXT), "client-ip, \"header:NAME\" or \"cookie:NAME\".")
                        .required()),
                "The same server for the same client.")));
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
        Key.of("path", new Scalar(NetworkTypes.URL_PATH), "What is asked for.").required(),
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
        Key.of("for", new Scalar(DURATION), "How long a server is left out.").or("30s"),
        Key.of("max-ejected", new Scalar(percent(0, 100)), "Share of servers left out at most.")
            .or("50%"));
  }

  private static Section retry() {
    return Section.of(
        Key.of("attempts", new Scalar(integer(0, 10)), "Further attempts after the first.").or("1"),
        Key.of(
                "on",
                new ListOf(
                    new Scalar(
                        choice("connect-failure", "reset-before-response", "refused-stream"))),
                "After which failures. A request that may have been acted on is sent again only if"
                    + " its method is idempotent.")
            .or("connect-failure", "reset-before-response", "refused-stream"),
        Key.of("budget", new Scalar(percent(0, 100)), "Retries as a share of requests, at most.")
            .or("20%"));
  }
}
