package io.lockgate.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockgate.config.model.FieldEdits;
import io.lockgate.config.model.RequestLimit;
import io.lockgate.config.model.RouteAction;
import io.lockgate.config.model.RouteConfig;
import io.lockgate.config.model.UpstreamConfig.Retry.Condition;
import io.lockgate.http.RequestHead;
import io.lockgate.loop.Loop;
import io.lockgate.upstream.Attempt;
import io.lockgate.upstream.RequestFacts;
import io.lockgate.upstream.RetryTerms;
import io.lockgate.upstream.Upstream;
import io.lockgate.upstream.UpstreamEvents;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTableTest {
  @ParameterizedTest
  @CsvSource({
    "/,     /,            true",
    "/,     /any/thing,   true",
    "/api,  /api,         true",
    "/api,  /api/,        true",
    "/api,  /api/x,       true",
    "/api,  /api?x=/y,    true",
    "/api,  /apix,        false",
    "/api,  /ap,          false",
    "/api,  /API,         false",
    "/api,  /x/api,       false",
    "/api/, /api/x,       true",
    "/api/, /api/,        true",
    "/api/, /api,         false",
    "/api,  /%61pi/x,     true"
  })
  void aPrefixEndsOnSegmentBordersOfTheNormalisedPath(
      String prefix, String target, boolean matches) {
    RouteTable table = table(route(new RouteConfig.Match.Prefix(prefix), 200));
    assertThat(table.match(get(target)).isPresent()).isEqualTo(matches);
  }

  @ParameterizedTest
  @CsvSource({
    "/ping, /ping,   true",
    "/ping, /ping?a, true",
    "/ping, /ping/,  false",
    "/ping, /pin,    false",
    "/ping, /pings,  false"
  })
  void anExactPathMatchesNothingElse(String path, String target, boolean matches) {
    RouteTable table = table(route(new RouteConfig.Match.Exact(path), 200));
    assertThat(table.match(get(target)).isPresent()).isEqualTo(matches);
  }

  @ParameterizedTest
  @CsvSource({
    "'/v[0-9]+/.*', /v12/x, true",
    "'/v[0-9]+',    /v12/x, false",
    "'v[0-9]+',     /v12,   false"
  })
  void aRegularExpressionMatchesTheWholePath(String pattern, String target, boolean matches) {
    RouteTable table = table(route(new RouteConfig.Match.Regex(pattern), 200));
    assertThat(table.match(get(target)).isPresent()).isEqualTo(matches);
  }

  @Test
  void theFirstMatchWins() {
    RouteTable table =
        table(
            route(new RouteConfig.Match.Prefix("/a/b"), 201),
            route(new RouteConfig.Match.Prefix("/a"), 202),
            route(new RouteConfig.Match.Exact("/a/c"), 203));
    assertThat(status(table, "/a/b/c")).isEqualTo(201);
    assertThat(status(table, "/a/c")).isEqualTo(202);
    assertThat(table.match(get("/"))).isEmpty();
  }

  @Test
  void aRouteForOtherMethodsIsPassedOver() {
    RouteTable table =
        table(
            route(new RouteConfig.Match.Prefix("/"), 201, "POST", "PURGE"),
            route(new RouteConfig.Match.Prefix("/open"), 202));
    assertThat(status(table, request("POST", "/open"))).isEqualTo(201);
    assertThat(status(table, request("PURGE", "/open"))).isEqualTo(201);
    assertThat(status(table, get("/open"))).isEqualTo(202);
    assertThat(table.match(request("PURGES", "/"))).isEmpty();
    assertThat(table.match(request("post", "/"))).as("methods are told by case").isEmpty();
  }

  @Test
  void tellsWhichMethodsWouldBeServed() {
    RouteTable table =
        table(
            route(new RouteConfig.Match.Prefix("/a"), 201, "POST", "PURGE"),
            route(new RouteConfig.Match.Prefix("/a/b"), 201, "PUT"),
            route(new RouteConfig.Match.Prefix("/c"), 201));
    assertThat(table.allowed(get("/a/b")).split(", "))
        .containsExactlyInAnyOrder("POST", "PURGE", "PUT");
    assertThat(table.allowed(get("/x"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"/api, 4", "/api/, 4", "/, 0"})
  void strippingLeavesTheSlashThatAPathBeginsWith(String prefix, int octets) {
    RouteConfig config =
        new RouteConfig(
            new RouteConfig.Match.Prefix(prefix),
            List.of(),
            new RouteAction.RespondWith(200, "", "text/plain"),
            Optional.of(prefix),
            Optional.of(Duration.ofSeconds(3)),
            OptionalLong.of(7),
            new RequestLimit.Choice.Common(),
            FieldEdits.NONE,
            FieldEdits.NONE);
    Route route = table(config).match(get(prefix + "/x")).orElseThrow();
    assertThat(route.stripPrefix()).isEqualTo(octets);
    assertThat(route.timeoutNanos()).isEqualTo(3_000_000_000L);
    assertThat(route.maxBody()).isEqualTo(7);
  }

  @Test
  void whatIsNotConfiguredBindsNobody() {
    Route route =
        table(route(new RouteConfig.Match.Prefix("/"), 200)).match(get("/")).orElseThrow();
    assertThat(route.timeoutNanos()).isZero();
    assertThat(route.maxBody()).isEqualTo(Long.MAX_VALUE);
    assertThat(route.stripPrefix()).isZero();
  }

  @Test
  void compilesEveryKindOfActionAndMatch() {
    assertThat(RouteAction.class.getPermittedSubclasses()).hasSize(3);
    assertThat(RouteConfig.Match.class.getPermittedSubclasses()).hasSize(3);
    RouteConfig.Match any = new RouteConfig.Match.Prefix("/");
    assertThat(action(any, new RouteAction.ForwardTo("app"))).isInstanceOf(Action.Forward.class);
    assertThat(action(any, new RouteAction.RedirectTo("/x", 308)))
        .isInstanceOf(Action.Redirect.class);
    assertThat(action(any, new RouteAction.RespondWith(200, "", "text/plain")))
        .isInstanceOf(Action.Respond.class);
  }

  @Test
  void takesOverWhatTheUpstreamSaysOfRetries() {
    RouteTable table =
        table(route(new RouteConfig.Match.Prefix("/"), new RouteAction.ForwardTo("app")));
    assertThat(table.match(get("/")).orElseThrow().retry())
        .isEqualTo(new Unasked("app").retryTerms());
  }

  /** Backtracking over these is exponential, or a recursion deeper than a stack. */
  @ParameterizedTest
  @CsvSource({"/(a+)+$", "/(a+)+b", "/(a|aa)+$", "/(a|b|ab)*c", "/(.*)*x", "/(a+a+)+y"})
  void givesUpOnAnExpressionThatTakesTooLong(String regex) {
    RouteTable table =
        table(
            route(new RouteConfig.Match.Regex(regex), 403),
            route(new RouteConfig.Match.Prefix("/"), 200));
    String path = "/" + "a".repeat(6_000) + "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx!";
    assertThatThrownBy(() -> table.match(get(path)))
        .as("neither the route nor the one behind it")
        .isInstanceOf(UndecidedPath.class);
  }

  @Test
  void hasTimeForTheLongestPathsOfSensibleExpressions() {
    RouteTable table =
        table(route(new RouteConfig.Match.Regex("/p/[a-z0-9]+/(en|de)/.*\\.html"), 200));
    String path = "/p/" + "a".repeat(4_000) + "/de/" + "b".repeat(4_000) + ".html";
    assertThat(status(table, path)).isEqualTo(200);
  }

  private static Action action(RouteConfig.Match match, RouteAction action) {
    return table(route(match, action)).match(get("/")).orElseThrow().action();
  }

  private static int status(RouteTable table, String target) {
    return status(table, get(target));
  }

  private static int status(RouteTable table, RequestHead head) {
    return ((Action.Respond) table.match(head).orElseThrow().action()).status();
  }

  private static RouteConfig route(RouteConfig.Match match, int status, String... methods) {
    return route(match, new RouteAction.RespondWith(status, "", "text/plain"), methods);
  }

  private static RouteConfig route(RouteConfig.Match match, RouteAction action, String... methods) {
    return new RouteConfig(
        match,
        List.of(methods),
        action,
        Optional.empty(),
        Optional.empty(),
        OptionalLong.empty(),
        new RequestLimit.Choice.Common(),
        FieldEdits.NONE,
        FieldEdits.NONE);
  }

  private static RouteTable table(RouteConfig... routes) {
    return RouteTable.compile(Arrays.asList(routes), Unasked::new);
  }

  private static RequestHead get(String target) {
    return request("GET", target);
  }

  private static RequestHead request(String method, String target) {
    return TestHeads.request(method + " " + target + " HTTP/1.1|Host: a||");
  }

  /** An upstream that no request reaches. */
  private record Unasked(String name) implements Upstream {
    @Override
    public void open(Loop loop, UpstreamEvents events, RequestFacts facts, Attempt attempt) {
      throw new AssertionError();
    }

    @Override
    public RetryTerms retryTerms() {
      return new RetryTerms(2, Set.of(Condition.REFUSED_STREAM), 0);
    }

    @Override
    public boolean takeRetry(Loop loop) {
      throw new AssertionError();
    }
  }
}
