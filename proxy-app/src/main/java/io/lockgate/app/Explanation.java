package io.lockgate.app;

import io.lockgate.config.model.HostConfig;
import io.lockgate.config.model.HostPattern;
import io.lockgate.config.model.ListenerConfig;
import io.lockgate.config.model.Origin;
import io.lockgate.config.model.ProxyConfig;
import io.lockgate.config.model.RouteAction;
import io.lockgate.config.model.RouteConfig;
import io.lockgate.config.model.TlsPolicy;
import io.lockgate.config.model.UpstreamConfig;
import io.lockgate.pki.CertificateEntry;
import io.lockgate.pki.IdentityCatalog;
import io.lockgate.route.RouteFinder;
import io.lockgate.snapshot.HostCoverage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What would become of a client that asks for a host and a path, and why. Decided by the same rules
 * as a handshake and a request, of a configuration that need not be running.
 */
record Explanation(boolean served, List<Fact> facts) {

  /**
   * One thing that is decided.
   *
   * @param what such as {@code certificate}
   * @param is what it is decided to be
   * @param why a sentence, or empty
   * @param origin {@code FILE:LINE}, or empty
   */
  record Fact(String what, String is, String why, String origin) {}

  static Explanation of(ProxyConfig config, IdentityCatalog catalog, String host, String path) {
    return new Draft(config, catalog, host).about(path);
  }

  /** A host and the pattern by which it answers. */
  private record Candidate(HostConfig host, HostPattern pattern, String why) {}

  private static final class Draft {
    private final ProxyConfig config;
    private final IdentityCatalog catalog;
    private final String name;
    private final List<Fact> facts = new ArrayList<>();

    Draft(ProxyConfig config, IdentityCatalog catalog, String name) {
      this.config = config;
      this.catalog = catalog;
      this.name = name;
    }

    Explanation about(String path) {
      List<Candidate> candidates = candidates();
      if (candidates.isEmpty()) {
        return unknown(path);
      }
      Candidate first = candidates.get(0);
      String why = first.why;
      for (Candidate beaten : candidates.subList(1, candidates.size())) {
        why +=
            "; wins over \"%s\"%s, for an exact name is more specific than a wildcard"
                .formatted(beaten.pattern, of(beaten));
      }
      return served(first, why, path);
    }

    private static String of(Candidate candidate) {
      return candidate.pattern.equals(candidate.host.name())
          ? ""
          : " of host \"" + candidate.host.name() + "\"";
    }

    private Explanation served(Candidate candidate, String why, String path) {
      HostConfig host = candidate.host;
      String block = "hosts.\"" + host.name() + "\"";
      facts.add(new Fact("host", host.name().toString(), why, origin(block)));
      boolean listened = listeners(host);
      policy(host, block);
      clientAuth(host, block);
      certificates(candidate);
      return new Explanation(route(host, block, path) && listened, List.copyOf(facts));
    }

    /** The most specific first. */
    private List<Candidate> candidates() {
      List<Candidate> exact = new ArrayList<>();
      List<Candidate> wildcard = new ArrayList<>();
      int dot = name.indexOf('.');
      String parent = dot <= 0 ? "" : name.substring(dot + 1);
      for (HostConfig host : config.hosts()) {
        for (HostPattern pattern :
            Stream.concat(Stream.of(host.name()), host.aliases().stream()).toList()) {
          if (!pattern.wildcard() && pattern.suffix().equals(name)) {
            exact.add(new Candidate(host, pattern, "\"" + pattern + "\" is its exact name"));
          } else if (pattern.wildcard() && pattern.suffix().equals(parent)) {
            String why = "the wildcard \"" + pattern + "\" covers it, one label deep";
            wildcard.add(new Candidate(host, pattern, why));
          }
        }
      }
      exact.addAll(wildcard);
      return exact;
    }

    private Explanation unknown(String path) {
      Optional<String> fallback = config.tls().unknownHost().host();
      Optional<HostConfig> host =
          fallback.flatMap(
              label ->
                  config.hosts().stream()
                      .filter(each -> each.name().toString().equals(label))
                      .findFirst());
      String key = origin("tls.unknown-host");
      if (host.isPresent()) {
        facts.add(
            new Fact(
                "unknown host",
                "served as " + host.get().name(),
                "no host covers \"" + name + "\", and tls.unknown-host names one to fall back to",
                key));
        Candidate candidate = new Candidate(host.get(), host.get().name(), "");
        return served(candidate, "it is the fallback", path);
      }
      facts.add(
          new Fact(
              "unknown host",
              "refused",
              "no host covers \""
                  + name
                  + "\" and tls.unknown-host is reject: the handshake ends with the alert"
                  + " unrecognized_name, and in clear the request is answered with an error",
              key));
      return new Explanation(false, List.copyOf(facts));
    }

    private boolean listeners(HostConfig host) {
      List<ListenerConfig> serving =
          config.listeners().stream()
              .filter(l -> host.listeners().isEmpty() || host.listeners().contains(l.name()))
              .toList();
      for (ListenerConfig listener : serving) {
        String how =
            listener.tls()
                ? "TLS, " + String.join(" and ", listener.protocols())
                : listener.redirectToHttps() ? "in clear, redirects to https" : "in clear";
        facts.add(
            new Fact(
                "listener",
                "%s at %s (%s)".formatted(listener.name(), listener.address(), how),
                host.listeners().isEmpty()
                    ? "the host names none, so all serve it"
                    : "the host names it",
                origin("listeners." + listener.name())));
      }
      return !serving.isEmpty();
    }

    private void policy(HostConfig host, String block) {
      TlsPolicy policy = config.policies().get(host.tlsPolicy());
      String written = origin(block + ".tls-policy");
      String of = origin("tls-policies." + policy.name());
      facts.add(
          new Fact(
              "tls policy",
              "%s: TLS %s to %s, groups %s"
                  .formatted(
                      policy.name(),
                      policy.minVersion().text(),
                      policy.maxVersion().text(),
                      String.join(" ", policy.groups())),
              written.isEmpty() ? "the default of tls.policy" : "the host names it, " + written,
              of.isEmpty() ? "built-in" : of));
    }

    private void clientAuth(HostConfig host, String block) {
      host.clientAuth()
          .ifPresent(
              auth ->
                  facts.add(
                      new Fact(
                          "client certificate",
                          auth.mode().name().toLowerCase(java.util.Locale.ROOT),
                          "the host asks for one",
                          origin(block + ".client-auth"))));
    }

    private void certificates(Candidate candidate) {
      HostCoverage coverage = new HostCoverage(catalog.entries());
      HostPattern asked =
          candidate.why.isEmpty() ? candidate.pattern : new HostPattern(name, false);
      List<CertificateEntry> covering = coverage.covering(asked);
      if (covering.isEmpty()) {
        facts.add(
            new Fact(
                "certificate", "none", "no certificate covers \"" + asked + "\"", "certificates"));
      }
      for (CertificateEntry entry : covering) {
        facts.add(
            new Fact(
                "certificate",
                "%s (%s, until %s)"
                    .formatted(
                        entry.name(), entry.identity().keyKind(), entry.identity().notAfter()),
                covering.size() == 1
                    ? "it covers the name"
                    : "it covers the name; among several the client's signature algorithms and"
                        + " versions decide, ECDSA first",
                origin("certificates." + entry.configName())));
      }
    }

    private boolean route(HostConfig host, String block, String path) {
      List<Integer> taking;
      try {
        taking = RouteFinder.taking(host.routes(), path);
      } catch (IllegalArgumentException e) {
        facts.add(new Fact("route", "refused with 400", e.getMessage(), ""));
        return false;
      }
      if (taking.isEmpty()) {
        facts.add(
            new Fact("route", "none: answered with 404", "no route takes " + path, origin(block)));
        return false;
      }
      for (int index : taking) {
        RouteConfig route = host.routes().get(index);
        String methods =
            route.methods().isEmpty() ? "" : " for " + String.join(", ", route.methods());
        facts.add(
            new Fact(
                index == taking.get(0) ? "route" : "beaten route",
                described(route.match()) + methods + ": " + described(route.action()),
                index == taking.get(0)
                    ? "the first of %d routes that takes %s".formatted(host.routes().size(), path)
                    : "would take it too, but stands later",
                origin(block + ".routes[" + index + "]")));
        if (route.methods().isEmpty()) {
          upstream(route.action());
          break; // whatever comes later is never asked
        }
        upstream(route.action());
      }
      return true;
    }

    private void upstream(RouteAction action) {
      if (action instanceof RouteAction.ForwardTo forward) {
        config.upstreams().stream()
            .filter(upstream -> upstream.name().equals(forward.upstream()))
            .findFirst()
            .ifPresent(this::upstream);
      }
    }

    private void upstream(UpstreamConfig upstream) {
      facts.add(
          new Fact(
              "upstream",
              upstream.name() + ": " + String.join(", ", servers(upstream)),
              upstream.tls().isPresent() ? "over TLS" : "in clear",
              origin("upstreams." + upstream.name())));
    }

    private static List<String> servers(UpstreamConfig upstream) {
      return upstream.servers().stream().map(server -> server.address()).toList();
    }

    private static String described(RouteConfig.Match match) {
      if (match instanceof RouteConfig.Match.Prefix prefix) {
        return "path " + prefix.path();
      } else if (match instanceof RouteConfig.Match.Exact exact) {
        return "exact " + exact.path();
      } else if (match instanceof RouteConfig.Match.Regex regex) {
        return "regex " + regex.pattern();
      }
      throw new AssertionError(match);
    }

    private static String described(RouteAction action) {
      if (action instanceof RouteAction.ForwardTo forward) {
        return "forwarded to " + forward.upstream();
      } else if (action instanceof RouteAction.RedirectTo redirect) {
        return "redirected to " + redirect.to() + " with " + redirect.status();
      } else if (action instanceof RouteAction.RespondWith respond) {
        return "answered here with " + respond.status();
      }
      throw new AssertionError(action);
    }

    private String origin(String path) {
      return config
          .origins()
          .of(path)
          .filter(found -> found.line() > 0)
          .map(Origin::toString)
          .orElse("");
    }
  }
}
