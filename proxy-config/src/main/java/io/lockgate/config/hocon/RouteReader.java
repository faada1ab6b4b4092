package io.lockgate.config.hocon;

import io.lockgate.config.model.CompressionConfig;
import io.lockgate.config.model.FieldEdits;
import io.lockgate.config.model.RequestLimit;
import io.lockgate.config.model.RouteAction;
import io.lockgate.config.model.RouteConfig;
import io.lockgate.config.model.RouteConfig.Match;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Reads the routes of one host. */
final class RouteReader {
  private static final List<String> MATCHES = List.of("path", "exact", "regex");
  private static final List<String> ACTIONS = List.of("upstream", "redirect", "respond");
  private static final List<String> FORWARDING_ONLY =
      List.of("strip-prefix", "rewrite", "timeout", "retry", "compression", "request-headers");

  private final Reading reading;
  private final Map<String, Block> upstreams;
  private final String host;
  private final Optional<CompressionConfig> compression;

  /**
   * @param compression of routes that say nothing of it
   */
  RouteReader(
      Reading reading,
      Map<String, Block> upstreams,
      String host,
      Optional<CompressionConfig> compression) {
    this.compression = compression;
    this.reading = reading;
    this.upstreams = upstreams;
    this.host = host;
  }

  /** The route; empty if something is wrong with it, which has then been reported. */
  Optional<RouteConfig> read(Block route) {
    Optional<String> matchKey = oneOf(route, MATCHES, "match", "what it matches");
    Optional<String> actionKey = oneOf(route, ACTIONS, "action", "how it answers");
    Optional<Match> match = matchKey.flatMap(key -> match(route, key));
    Optional<RouteAction> action = actionKey.flatMap(key -> action(route, key));
    actionKey.filter(key -> !key.equals("upstream")).ifPresent(key -> checkLocal(route, key));
    match.ifPresent(m -> checkStripPrefix(route, m));
    Optional<RouteConfig.Rewrite> rewrite = new RewriteReader(reading, host).read(route, match);
    RequestLimit.Choice limit = RequestLimits.choice(reading, route);
    FieldEdits request = edits(route, "request-headers");
    FieldEdits response = edits(route, "response-headers");
    if (match.isEmpty() || action.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new RouteConfig(
            match.get(),
            methods(route),
            action.get(),
            route.maybeText("strip-prefix"),
            rewrite,
            route.maybe("timeout", Duration.class),
            route
                .maybe("max-body", Long.class)
                .map(OptionalLong::of)
                .orElseGet(OptionalLong::empty),
            retry(route),
            limit,
            Compression.read(reading, route, compression),
            request,
            response));
  }

  private static Optional<RouteConfig.Retry> retry(Block route) {
    if (!route.has("retry")) {
      return Optional.empty();
    }
    Block own = route.block("retry");
    return Optional.of(
        new RouteConfig.Retry(
            own.maybe("attempts", Integer.class).map(OptionalInt::of).orElseGet(OptionalInt::empty),
            own.has("on") ? Optional.of(UpstreamReader.retryConditions(own)) : Optional.empty(),
            own.maybe("per-try-timeout", Duration.class)));
  }

  private static List<String> methods(Block route) {
    List<String> written = route.list("methods", String.class);
    return written.size() < 2 ? written : written.stream().distinct().toList();
  }

  private Optional<String> oneOf(Block route, List<String> keys, String noun, String what) {
    List<String> given = new ArrayList<>(1);
    for (String key : keys) {
      if (route.has(key)) {
        given.add(key);
      }
    }
    if (given.size() == 1) {
      return Optional.of(given.get(0));
    }
    String problem =
        given.isEmpty()
            ? "does not say " + what
            : "says in several ways " + what + ": " + String.join(", ", given);
    reading.error(
        (given.isEmpty() ? "missing-" : "ambiguous-") + noun,
        route,
        "a route of host \"" + host + "\" " + problem,
        "give one of " + String.join(", ", keys));
    return Optional.empty();
  }

  private static Optional<Match> match(Block route, String key) {
    return route
        .maybeText(key)
        .map(
            text ->
                switch (key) {
                  case "path" -> new Match.Prefix(text);
                  case "exact" -> new Match.Exact(text);
                  default -> new Match.Regex(text);
                });
  }

  private Optional<RouteAction> action(Block route, String key) {
    return switch (key) {
      case "upstream" -> forward(route);
      case "redirect" -> redirect(route.block(key));
      default -> respond(route.block(key));
    };
  }

  private Optional<RouteAction> forward(Block route) {
    return route
        .maybeText("upstream")
        .filter(
            upstream ->
                reading.checkReference(
                    "unknown-upstream",
                    route.node("upstream"),
                    upstream,
                    "host \"" + host + "\" routes to upstream",
                    upstreams))
        .map(RouteAction.ForwardTo::new);
  }

  private static Optional<RouteAction> redirect(Block redirect) {
    return redirect
        .maybeText("to")
        .map(to -> new RouteAction.RedirectTo(to, Integer.parseInt(redirect.text("status"))));
  }

  private Optional<RouteAction> respond(Block respond) {
    int status = respond.integer("status");
    String body = respond.text("body");
    if (!body.isEmpty() && (status == 204 || status == 205 || status == 304)) {
      reading.error(
          "body-not-allowed",
          respond.pathOf("body"),
          respond.originOf("body"),
          "host \"" + host + "\" answers with status " + status + ", which has no content",
          "take the body out, or answer with 200");
    }
    return Optional.of(new RouteAction.RespondWith(status, body, respond.text("content-type")));
  }

  private void checkLocal(Block route, String action) {
    for (String key : FORWARDING_ONLY) {
      if (route.has(key)) {
        reading.error(
            "conflicting-keys",
            route.pathOf(key),
            route.originOf(key),
            "a route of host \"" + host + "\": " + key + " means nothing beside " + action,
            "it is about requests that are forwarded to an upstream");
      }
    }
  }

  private void checkStripPrefix(Block route, Match match) {
    Optional<String> prefix = route.maybeText("strip-prefix");
    if (prefix.isEmpty()) {
      return;
    }
    String path = match instanceof Match.Prefix p ? p.path() : pathOf(match);
    if (path.isEmpty()) {
      report(route, "strip-prefix cannot be told from a regular expression", "use rewrite instead");
    } else if (!Shadows.covers(prefix.get(), path)) {
      report(
          route,
          "strip-prefix "
              + Quoted.inMessage(prefix.get())
              + " is not the beginning of "
              + Quoted.inMessage(path),
          "what is stripped has to stand in every path that the route matches");
    }
  }

  private static String pathOf(Match match) {
    return match instanceof Match.Exact exact ? exact.path() : "";
  }

  private void report(Block route, String what, String hint) {
    reading.error(
        "strip-prefix-mismatch",
        route.pathOf("strip-prefix"),
        route.originOf("strip-prefix"),
        "a route of host \"" + host + "\": " + what,
        hint);
  }

  private FieldEdits edits(Block route, String key) {
    if (!route.has(key)) {
      return FieldEdits.NONE;
    }
    Block edits = route.block(key);
    List<FieldEdits.Field> set = fields(edits.fields("set"));
    checkTwice(edits);
    checkHost(edits);
    return new FieldEdits(
        set,
        fields(edits.fields("add")),
        edits.list("remove", String.class).stream().map(n -> n.toLowerCase(Locale.ROOT)).toList());
  }

  private static List<FieldEdits.Field> fields(List<Node.NamedLeaf> leaves) {
    List<FieldEdits.Field> fields = new ArrayList<>();
    for (Node.NamedLeaf field : leaves) {
      field
          .leaf()
          .value()
          .ifPresent(value -> fields.add(new FieldEdits.Field(field.name(), (String) value)));
    }
    return fields;
  }

  /** Names of fields are compared without case (RFC 9110 section 5.1), keys of a file with it. */
  private void checkTwice(Block edits) {
    Set<String> seen = new HashSet<>();
    String previous = "";
    for (Node.NamedLeaf field : edits.fields("set")) {
      boolean sameKey = field.name().equals(previous);
      if (!seen.add(field.name().toLowerCase(Locale.ROOT)) && !sameKey) {
        reading.error(
            "duplicate-value",
            field.leaf(),
            field.leaf().place().path() + ": this field is set twice",
            "case does not matter in the names of header fields");
      }
      previous = field.name();
    }
  }

  /** A request has exactly one Host (RFC 9112 section 3.2), and a response none to take out. */
  private void checkHost(Block edits) {
    for (Node.NamedLeaf field : edits.fields("add")) {
      if (field.name().equalsIgnoreCase("host")) {
        forbidHost(field.leaf());
      }
    }
    for (Node.Leaf name : edits.leaves("remove")) {
      if (name.text().equalsIgnoreCase("host")) {
        forbidHost(name);
      }
    }
  }

  private void forbidHost(Node.Leaf leaf) {
    reading.error(
        "forbidden-header",
        leaf,
        leaf.place().path() + ": a request has exactly one Host",
        "replace it by set { Host = ... }");
  }
}
