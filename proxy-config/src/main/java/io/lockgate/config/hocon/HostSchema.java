package io.lockgate.config.hocon;

import static io.lockgate.config.hocon.ValueTypes.ANY_TEXT;
import static io.lockgate.config.hocon.ValueTypes.DURATION;
import static io.lockgate.config.hocon.ValueTypes.DURATION_OR_ZERO;
import static io.lockgate.config.hocon.ValueTypes.FILE;
import static io.lockgate.config.hocon.ValueTypes.SWITCH;
import static io.lockgate.config.hocon.ValueTypes.TEXT;
import static io.lockgate.config.hocon.ValueTypes.choice;
import static io.lockgate.config.hocon.ValueTypes.integer;
import static io.lockgate.config.hocon.ValueTypes.size;

import io.lockgate.config.hocon.Shape.FieldMap;
import io.lockgate.config.hocon.Shape.ListOf;
import io.lockgate.config.hocon.Shape.OneOrMore;
import io.lockgate.config.hocon.Shape.Scalar;
import io.lockgate.config.hocon.Shape.TextOr;

/** The keys of a host and its routes. */
final class HostSchema {
  /** Of a host, or of all. */
  static final FieldMap ERROR_PAGES =
      new FieldMap(ErrorPageReader.STATUS, new Scalar(FILE), "paths by status");

  private static final Section ROUTE =
      Section.of(
          Key.of(
              "path",
              new Scalar(NetworkTypes.ROUTE_PATH),
              "Matches the path itself and what is below it: /api matches /api/x, not /apix."),
          Key.of("exact", new Scalar(NetworkTypes.ROUTE_PATH), "Matches this path alone."),
          Key.of(
              "regex",
              new Scalar(NetworkTypes.REGEX),
              "Matches where the whole path, decoded, fits (java.util.regex; a dot matches every"
                  + " character)."),
          Key.of(
                  "methods",
                  new ListOf(new Scalar(NetworkTypes.METHOD)),
                  "Methods that match; all if empty.")
              .or(),
          Key.of("upstream", new Scalar(TEXT), "Forwards to this upstream."),
          Key.of("redirect", redirect(), "Answers with a redirect."),
          Key.of("respond", respond(), "Answers with a fixed body."),
          Key.of(
              "strip-prefix",
              new Scalar(NetworkTypes.ROUTE_PATH),
              "Taken off the front of the path before it is forwarded."),
          Key.of("rewrite", rewrite(), "Makes another path of it before it is forwarded."),
          Key.of("timeout", new Scalar(DURATION), "Bound of the whole exchange (504)."),
          Key.of(
              "max-body",
              new Scalar(size(0, Long.MAX_VALUE)),
              "Bound of the request's content (413)."),
          Key.section("retry", retry(), "When requests are sent again, instead of the upstream's."),
          Key.of(
              "limit",
              new TextOr(new Scalar(choice("off")), RequestLimits.SECTION),
              "How many requests are let through, instead of limits.requests; off: all."),
          Key.of(
              "compression",
              Compression.SHAPE,
              "Compresses responses, or does not, where the host says otherwise."),
          Key.section("request-headers", edits("request"), "Changes to the fields of the request."),
          Key.section(
              "response-headers", edits("response"), "Changes to the fields of the response."));

  static final Section HOST =
      Section.of(
          Key.of(
                  "aliases",
                  new ListOf(new Scalar(NetworkTypes.HOST_NAME)),
                  "Further names and wildcards that are served the same way.")
              .or(),
          Key.of(
                  "listeners",
                  new ListOf(new Scalar(TEXT)),
                  "Where it is served; everywhere if empty.")
              .or(),
          Key.of(
                  "mode",
                  new Scalar(choice("http", "tcp", "passthrough")),
                  "http ends TLS and proxies HTTP, tcp ends TLS and forwards bytes, passthrough"
                      + " forwards TLS untouched.")
              .or("http"),
          Key.of("upstream", new Scalar(TEXT), "Where bytes go in the modes tcp and passthrough."),
          Key.of(
              "starttls",
              new Scalar(choice("postgres")),
              "In the modes tcp and passthrough: the protocol whose clients ask for TLS in clear"
                  + " first; those that begin with TLS are served as well."),
          Key.of(
                  "alpn",
                  new ListOf(new Scalar(NetworkTypes.PROTOCOL_NAME)),
                  "In the mode tcp: the protocols offered to clients (ALPN), most wanted first. In the"
                      + " mode passthrough: clients must offer one of them.")
              .or()
              .noting("[postgresql] with starttls = postgres"),
          Key.of(
                  "idle-timeout",
                  new Scalar(DURATION),
                  "In the modes tcp and passthrough: a connection over which nothing passes is closed"
                      + " after this time.")
              .or("10m"),
          Key.of("tls-policy", new Scalar(TEXT), "A policy by its name.").noting("tls.policy"),
          Key.of("client-auth", clientAuth(), "Certificates of clients."),
          Key.of("hsts", hsts(), "Being there, it sends Strict-Transport-Security (RFC 6797)."),
          Key.of(
                  "security-headers",
                  new Scalar(SWITCH),
                  "Adds X-Content-Type-Options, X-Frame-Options, Referrer-Policy and"
                      + " Permissions-Policy where a server sent none.")
              .or("off"),
          Key.of("error-pages", ERROR_PAGES, "Before those of http.error-pages.").or(),
          Key.of(
                  "intercept-errors",
                  new Scalar(SWITCH),
                  "Whether error pages also replace what servers answer with such a status.")
              .or("off"),
          Key.of(
              "compression",
              Compression.SHAPE,
              "Compresses responses for clients that take it; on: as the defaults here have it."),
          Key.of("objectives", AlertsSchema.OBJECTIVES, "What is promised to its clients."),
          Key.of(
                  "routes",
                  new ListOf(ROUTE),
                  "Which requests are answered how; the first match wins. Each has one of path,"
                      + " exact, regex and one of upstream, redirect, respond.")
              .or());

  private HostSchema() {}

  private static Section redirect() {
    return Section.of(
        Key.of("to", new Scalar(NetworkTypes.LOCATION), "Where to.").required(),
        Key.of("status", new Scalar(choice("301", "302", "303", "307", "308")), "The status.")
            .or("308"));
  }

  private static Section respond() {
    return Section.of(
        Key.of("status", new Scalar(integer(200, 599)), "The status.").or("200"),
        Key.of("body", new Scalar(ANY_TEXT), "The content, sent as UTF-8.").or(""),
        Key.of("content-type", new Scalar(NetworkTypes.FIELD_VALUE), "The type of the content.")
            .or("text/plain; charset=utf-8"));
  }

  private static Section rewrite() {
    return Section.of(
        Key.of(
                "regex",
                new Scalar(NetworkTypes.REGEX),
                "What the whole path, decoded, has to fit; it is forwarded unchanged where it does"
                    + " not.")
            .noting("the route's own regex"),
        Key.of(
                "to",
                new Scalar(NetworkTypes.PATH_TEMPLATE),
                "The path to forward: $1 to $9 stand for what groups matched, percent-encoded anew;"
                    + " $$ for a dollar sign. The query stays as it is.")
            .required());
  }

  private static Section retry() {
    return Section.of(
        Key.of(
            "attempts",
            new Scalar(integer(0, 10)),
            "Further attempts after the first; 0: none, so that no server sees a request twice."),
        Key.of(
            "on", new ListOf(new Scalar(UpstreamSchema.RETRY_CONDITION)), "After which failures."),
        Key.of(
            "per-try-timeout",
            new Scalar(DURATION_OR_ZERO),
            "Until when a server has to begin its answer; 0s means no such bound."));
  }

  private static Section edits(String of) {
    return Section.of(
        Key.of("set", FieldMap.HEADER_FIELDS, "Fields that replace those of the " + of + ".").or(),
        Key.of("add", FieldMap.HEADER_FIELDS, "Fields that join those of the " + of + ".").or(),
        Key.of(
                "remove",
                new ListOf(new Scalar(NetworkTypes.FIELD_NAME)),
                "Fields taken out, before the others are put in.")
            .or());
  }

  private static Section clientAuth() {
    return Section.of(
        Key.of(
                "mode",
                new Scalar(choice("off", "optional", "required")),
                "Whether a certificate is asked for, and whether one may be missing. One that is shown"
                    + " is always verified.")
            .or("required"),
        Key.of(
            "trust",
            new OneOrMore(new Scalar(FILE)),
            "PEM with the CAs that issue them; needed unless mode = off. Several files are trusted"
                + " alike, as while one CA takes over from another."),
        Key.of(
                "crl",
                new OneOrMore(new Scalar(FILE)),
                "Lists of revoked certificates, PEM or DER, signed by CAs of trust.")
            .or(),
        Key.of(
                "allow",
                new ListOf(new Scalar(NetworkTypes.ALLOW_RULE)),
                "Of which a certificate must meet one, if there are any: \"spiffe://corp/billing\","
                    + " \"spiffe://corp/*\", \"dns:*.example.com\", \"email:@example.com\","
                    + " \"subject:CN=a,O=b\", \"sha256:...\".")
            .or(),
        Key.of(
                "forward",
                new ListOf(new Scalar(choice("client-cert", "xfcc"))),
                "Fields that tell the upstream about it: client-cert sends Client-Cert and"
                    + " Client-Cert-Chain (RFC 9440), xfcc X-Forwarded-Client-Cert.")
            .or());
  }

  private static Section hsts() {
    return Section.of(
        Key.of("max-age", new Scalar(DURATION_OR_ZERO), "How long clients insist on https.")
            .or("365d"),
        Key.of("include-subdomains", new Scalar(SWITCH), "Whether for all names below, too.")
            .or("off"),
        Key.of("preload", new Scalar(SWITCH), "Whether browsers may build the name in.").or("off"));
  }
}
