package io.lockgate.config.hocon;

import static io.lockgate.config.hocon.EveryKeyModel.absolute;

import io.lockgate.config.model.AllowRule;
import io.lockgate.config.model.AnswerConfig;
import io.lockgate.config.model.ClientAuthConfig;
import io.lockgate.config.model.CompressionConfig;
import io.lockgate.config.model.CompressionConfig.Encoding;
import io.lockgate.config.model.ErrorPages;
import io.lockgate.config.model.ErrorPages.Page;
import io.lockgate.config.model.FieldEdits;
import io.lockgate.config.model.FieldEdits.Field;
import io.lockgate.config.model.HostConfig;
import io.lockgate.config.model.HostPattern;
import io.lockgate.config.model.PathTemplate;
import io.lockgate.config.model.RelayConfig;
import io.lockgate.config.model.RequestLimit;
import io.lockgate.config.model.RouteAction;
import io.lockgate.config.model.RouteConfig;
import io.lockgate.config.model.RouteConfig.Match;
import io.lockgate.config.model.UpstreamConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The hosts of {@link EveryKeyModel}, with their routes. */
final class EveryKeyHosts {
  private static final Optional<CompressionConfig> STANDARD_COMPRESSION =
      Optional.of(
          new CompressionConfig(
              List.of(Encoding.ZSTD, Encoding.BROTLI, Encoding.GZIP),
              List.of(
                  "text/*",
                  "application/json",
                  "application/javascript",
                  "application/xml",
                  "application/*+json",
                  "application/*+xml",
                  "application/wasm",
                  "image/svg+xml"),
              1024));

  private EveryKeyHosts() {}

  static List<HostConfig> all() {
    HostConfig plain =
        new HostConfig(
            HostPattern.parse("*.example.org"),
            List.of(),
            List.of(),
            "modern",
            Optional.empty(),
            List.of());
    return List.of(
        plain,
        new HostConfig(
            HostPattern.parse("www.example.com"),
            List.of(
                HostPattern.parse("xn--bcher-kva.example"), HostPattern.parse("*.www.example.com")),
            List.of("https"),
            "partners",
            Optional.of(clientAuth()),
            Optional.of(new HostConfig.Hsts(Duration.ofDays(400), true, true)),
            new AnswerConfig(
                new ErrorPages(
                    Map.of(
                        404,
                        new Page(
                            "<p>nothing here, see %{request-id}\n", "text/html; charset=utf-8"))),
                true,
                true),
            routes()),
        new HostConfig(
            HostPattern.parse("db.example.com"),
            List.of(),
            List.of(),
            "modern",
            Optional.empty(),
            Optional.empty(),
            AnswerConfig.PLAIN,
            List.of(),
            Optional.of(
                new RelayConfig(
                    RelayConfig.Mode.TCP,
                    "raw",
                    List.of("postgresql", "other"),
                    Duration.ofHours(1),
                    RelayConfig.StartTls.POSTGRES))));
  }

  private static ClientAuthConfig clientAuth() {
    return new ClientAuthConfig(
        ClientAuthConfig.Mode.OPTIONAL,
        List.of(absolute("certs/www.pem")),
        List.of(absolute("certs/www.pem"), absolute("certs/www.key")),
        List.of(AllowRule.parse("spiffe://corp/*"), AllowRule.parse("dns:a.example")),
        List.of(ClientAuthConfig.Forward.XFCC));
  }

  private static List<RouteConfig> routes() {
    return List.of(
        new RouteConfig(
            new Match.Prefix("/api"),
            List.of("GET", "POST"),
            new RouteAction.ForwardTo("app"),
            Optional.of("/api"),
            Optional.empty(),
            Optional.of(Duration.ofSeconds(30)),
            OptionalLong.of(10 << 20),
            Optional.of(
                new RouteConfig.Retry(
                    OptionalInt.of(0),
                    Optional.of(List.of(UpstreamConfig.Retry.Condition.CONNECT_FAILURE)),
                    Optional.of(Duration.ZERO))),
            new RequestLimit.Choice.Own(
                new RequestLimit(0.5, 3, 4, new RequestLimit.Key.Everything())),
            Optional.of(new CompressionConfig(List.of(Encoding.GZIP), List.of("text/*"), 2048)),
            new FieldEdits(
                List.of(new Field("Host", "app.internal"), new Field("X-Env", "prod")),
                List.of(new Field("X-B", "1"), new Field("X-B", "2")),
                List.of("x-debug")),
            new FieldEdits(
                List.of(new Field("X-C", "c")), List.of(new Field("X-D", "d")), List.of("server"))),
        local(
            new Match.Exact("/old"),
            new RouteAction.RedirectTo("https://www.example.com/new", 301),
            new RequestLimit.Choice.Common()),
        rewritten(
            new Match.Regex("/q/([0-9]+)"),
            new RouteConfig.Rewrite("/q/([0-9]+)", template("/r/$1")),
            Optional.empty()),
        rewritten(
            new Match.Prefix("/s"),
            new RouteConfig.Rewrite("/s/(.*)", template("/t/$1/$$")),
            STANDARD_COMPRESSION),
        local(
            new Match.Regex("/p/[0-9]+"),
            new RouteAction.RespondWith(410, "gone", "text/html"),
            new RequestLimit.Choice.Unlimited()));
  }

  private static RouteConfig rewritten(
      Match match, RouteConfig.Rewrite rewrite, Optional<CompressionConfig> compression) {
    return new RouteConfig(
        match,
        List.of(),
        new RouteAction.ForwardTo("app"),
        Optional.empty(),
        Optional.of(rewrite),
        Optional.empty(),
        OptionalLong.empty(),
        new RequestLimit.Choice.Common(),
        compression,
        FieldEdits.NONE,
        FieldEdits.NONE);
  }

  private static PathTemplate template(String text) {
    return PathTemplate.parse(text);
  }

  private static RouteConfig local(Match match, RouteAction action, RequestLimit.Choice limit) {
    return new RouteConfig(
        match,
        List.of(),
        action,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        OptionalLong.empty(),
        limit,
        STANDARD_COMPRESSION,
        FieldEdits.NONE,
        FieldEdits.NONE);
  }
}
