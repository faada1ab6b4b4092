package io.lockgate.config.hocon;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.config.model.AccessLogConfig;
import io.lockgate.config.model.AdminConfig;
import io.lockgate.config.model.AlertsConfig;
import io.lockgate.config.model.AllowRule;
import io.lockgate.config.model.AnswerConfig;
import io.lockgate.config.model.BalanceConfig;
import io.lockgate.config.model.BalanceConfig.HashKey;
import io.lockgate.config.model.BalanceConfig.Method;
import io.lockgate.config.model.BalanceConfig.StickyCookie;
import io.lockgate.config.model.BindAddress;
import io.lockgate.config.model.CertificateConfig;
import io.lockgate.config.model.CertificateConfig.Source;
import io.lockgate.config.model.CidrBlock;
import io.lockgate.config.model.ClientAuthConfig;
import io.lockgate.config.model.CompressionConfig;
import io.lockgate.config.model.CompressionConfig.Encoding;
import io.lockgate.config.model.EjectionConfig;
import io.lockgate.config.model.ErrorPages;
import io.lockgate.config.model.ErrorPages.Page;
import io.lockgate.config.model.FieldEdits;
import io.lockgate.config.model.FieldEdits.Field;
import io.lockgate.config.model.HealthConfig;
import io.lockgate.config.model.HostConfig;
import io.lockgate.config.model.HostPattern;
import io.lockgate.config.model.HttpConfig;
import io.lockgate.config.model.LimitsConfig;
import io.lockgate.config.model.ListenerConfig;
import io.lockgate.config.model.ListenerConfig.ProxyProtocolConfig;
import io.lockgate.config.model.MemoryCeiling;
import io.lockgate.config.model.Origin;
import io.lockgate.config.model.PathTemplate;
import io.lockgate.config.model.ProxyConfig;
import io.lockgate.config.model.RelayConfig;
import io.lockgate.config.model.RequestLimit;
import io.lockgate.config.model.RouteAction;
import io.lockgate.config.model.RouteConfig;
import io.lockgate.config.model.RouteConfig.Match;
import io.lockgate.config.model.RuntimeConfig;
import io.lockgate.config.model.TlsConfig;
import io.lockgate.config.model.TlsConfig.NameFallback;
import io.lockgate.config.model.TlsConfig.StapleMode;
import io.lockgate.config.model.TlsPolicy;
import io.lockgate.config.model.TlsPolicy.TlsVersion;
import io.lockgate.config.model.TracingConfig;
import io.lockgate.config.model.UpstreamConfig;
import io.lockgate.config.model.UpstreamConfig.Retry;
import io.lockgate.config.model.UpstreamConfig.SendProxyProtocol;
import io.lockgate.config.model.UpstreamConfig.Server;
import io.lockgate.config.model.UpstreamTlsConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every key reaches the model, and no key is forgotten in this test. */
class EveryKeyTest {
  private static final Path FOLDER = Path.of("src/test/resources/every-key");
  private static final Path FILE = FOLDER.resolve("lockgate.conf");
  private static final Map<String, String> ENVIRONMENT =
      Map.of("TOKEN", "a-token-nobody-may-see", "KEY_PASSWORD", "x");

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

  private final ConfigResult result = ConfigReader.read(FILE, ENVIRONMENT);

  private ConfigResult.Valid valid() {
    assertThat(result)
        .as(ProblemReport.render(result, false))
        .isInstanceOf(ConfigResult.Valid.class);
    return (ConfigResult.Valid) result;
  }

  @Test
  void everyKeyReachesTheModel() {
    assertThat(valid().config())
        .isEqualTo(
            new ProxyConfig(
                listeners(),
                policies(),
                tls(),
                certificates(),
                upstreams(),
                hosts(),
                http(),
                new LimitsConfig(
                    5,
                    6,
                    7,
                    8,
                    new MemoryCeiling.Size(512 << 20),
                    Optional.of(
                        new RequestLimit(100, 200, 50, new RequestLimit.Key.Field("x-key")))),
                Duration.ZERO,
                new AdminConfig(
                    new BindAddress("192.0.2.1", 9000),
                    Optional.of(new AdminConfig.Secret("a-token-nobody-may-see"))),
                new AccessLogConfig(
                    Optional.of(absolute("certs/access.log")),
                    AccessLogConfig.Format.COMBINED,
                    12.5),
                alerts(),
                new TracingConfig(
                    Optional.of(URI.create("http://127.0.0.1:4318/v1/traces")), 2.5, true, "edge"),
                new RuntimeConfig(RuntimeConfig.Transport.NIO, 3, true),
                ProxyConfig.Origins.NONE));
  }

  @Test
  void noKeyThatThisVersionCanActOnIsMissingFromThisTest() {
    Set<String> written = new TreeSet<>();
    valid().effective().rows().stream()
        .filter(row -> !row.origin().equals(Origin.BUILT_IN))
        .forEach(row -> written.add(patternOf(row.path())));
    Set<String> known = new TreeSet<>();
    collect(Schema.LOCKGATE, "", known);
    // Others are there that exclude them.
    known.removeAll(Set.of("tls.tickets.keys-seed.file", "tls.tickets.keys-seed.env"));
    assertThat(written).isEqualTo(known);
  }

  @Test
  void aSecretIsKnownToTheModelAndShownNowhere() {
    assertThat(valid().effective().render(true))
        .contains("lockgate.admin.token = <redacted>  # environment variable TOKEN\n")
        .doesNotContain("nobody-may-see");
    assertThat(valid().config().toString()).doesNotContain("nobody-may-see");
  }

  @Test
  void eachThingIsFoundUnderItsPathWithFileAndLine() {
    ProxyConfig.Origins origins = valid().config().origins();
    Origin https = new Origin(FILE.toString(), 5);
    assertThat(origins.of("listeners.https")).contains(https);
    assertThat(origins.of("listeners.https.address")).contains(https);
    String routes = FOLDER.resolve("more/routes.conf").toString();
    assertThat(origins.of("upstreams.app")).contains(new Origin(routes, 9));
    assertThat(origins.of("hosts.\"www.example.com\"")).contains(new Origin(routes, 20));
    assertThat(origins.of("hosts.\"WWW.example.com\"")).contains(new Origin(routes, 20));
    assertThat(origins.of("hosts.\"www.example.com\".routes[1]")).contains(new Origin(routes, 32));
    assertThat(origins.of("certificates.local")).contains(new Origin(FILE.toString(), 26));
    assertThat(origins.of("tls-policies.partners")).contains(new Origin(FILE.toString(), 9));
  }

  private static List<ListenerConfig> listeners() {
    return List.of(
        new ListenerConfig(
            "https",
            new BindAddress("0.0.0.0", 8443),
            true,
            List.of("http/1.1", "h2"),
            false,
            4,
            new ProxyProtocolConfig(true, List.of(CidrBlock.parse("10.0.0.0/8")))),
        new ListenerConfig(
            "plain",
            new BindAddress("::1", 8080),
            false,
            List.of("http/1.1"),
            true,
            OptionalInt.of(443),
            0,
            ProxyProtocolConfig.OFF));
  }

  private static Map<String, TlsPolicy> policies() {
    Map<String, TlsPolicy> policies = new HashMap<>(PolicyReader.BUILT_IN);
    List<String> ciphers =
        List.of("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
    List<String> groups = List.of("P-384", "X25519");
    Set<String> signatures = Set.of("rsa_pss_rsae_sha256", "ecdsa_secp384r1_sha384");
    policies.put(
        "partners",
        new TlsPolicy(
            "partners",
            TlsVersion.TLS_1_2,
            TlsVersion.TLS_1_2,
            ciphers,
            groups,
            signatures,
            Set.of("http/1.1")));
    policies.put(
        "heirs",
        new TlsPolicy(
            "heirs",
            TlsVersion.TLS_1_2,
            TlsVersion.TLS_1_3,
            ciphers,
            groups,
            signatures,
            Set.of("http/1.1")));
    return policies;
  }

  private static TlsConfig tls() {
    return new TlsConfig(
        "modern",
        Duration.ofMillis(1500),
        new TlsConfig.Tickets(
            false,
            Duration.ofMinutes(5),
            7,
            new TlsConfig.KeySource.Directory(absolute("var/ticket-keys"))),
        new TlsConfig.SessionCache(3, Duration.ofHours(2)),
        new TlsConfig.Ocsp(
            StapleMode.REQUIRE, 25, Path.of("/var/cache/ocsp"), Duration.ofSeconds(3)),
        false,
        false,
        new NameFallback(Optional.of("www.example.com")),
        new NameFallback(Optional.of("*.example.org")),
        77);
  }

  private static List<CertificateConfig> certificates() {
    Path pkcs12 = absolute("certs/www.p12");
    return List.of(
        certificate("alone", new Source.Files(pkcs12, pkcs12, Optional.empty())),
        new CertificateConfig(
            "files",
            new Source.Files(
                absolute("certs/www.pem"), absolute("certs/www.key"), Optional.of("KEY_PASSWORD")),
            Optional.of("team-web"),
            Optional.of(StapleMode.OFF)),
        certificate(
            "local",
            new Source.LocalCa(
                absolute("var/ca"), List.of("localhost", "*.localhost", "127.0.0.1"))),
        certificate("tenants", new Source.Directory(absolute("certs"))));
  }

  private static CertificateConfig certificate(String name, Source source) {
    return new CertificateConfig(name, source, Optional.empty(), Optional.empty());
  }

  private static List<UpstreamConfig> upstreams() {
    return List.of(
        new UpstreamConfig(
            "app",
            List.of(new Server("app.internal", 9001, 1), new Server("::1", 9002, 3, 2)),
            UpstreamConfig.Protocol.AUTO,
            Optional.of(
                new UpstreamTlsConfig(
                    Optional.of("app.internal"),
                    Optional.of(absolute("certs/www.pem")),
                    Optional.of("local"),
                    false,
                    "partners",
                    List.of("0123456789abcdef".repeat(4)))),
            new BalanceConfig(
                Method.Even.LEAST_REQUESTS, Optional.empty(), Duration.ofSeconds(10), 40, 50),
            Duration.ofSeconds(1),
            Duration.ofSeconds(61),
            Duration.ofSeconds(62),
            7,
            8,
            Duration.ofSeconds(3),
            9,
            Optional.of(
                new HealthConfig(
                    new HealthConfig.Question.Get("/healthz", List.of(200, 204)),
                    Optional.of("app.internal"),
                    Duration.ofSeconds(1),
                    Duration.ofMillis(500),
                    3,
                    4)),
            Optional.of(new EjectionConfig(6, Duration.ofSeconds(31), 20, 5)),
            new Retry(
                2, List.of(Retry.Condition.REFUSED_STREAM), 30, Duration.ofSeconds(2), 65_536)),
        usual(
            "hashed",
            new Server("127.0.0.1", 9001, 1, 1),
            new Method.Hash(new HashKey(HashKey.Source.COOKIE, "id")),
            Optional.empty(),
            UpstreamConfig.Protocol.H2,
            Optional.of(grpcHealth())),
        usual(
            "pinned",
            Server.unix("/run/app.sock"),
            Method.Even.RANDOM,
            Optional.of(cookie()),
            UpstreamConfig.Protocol.HTTP_1_1,
            Optional.empty()),
        usual(
            "raw",
            new Server("127.0.0.1", 9003, 1),
            Method.Even.ROUND_ROBIN,
            Optional.empty(),
            UpstreamConfig.Protocol.HTTP_1_1,
            Optional.empty()));
  }

  private static HealthConfig grpcHealth() {
    return new HealthConfig(
        new HealthConfig.Question.Grpc("shop.Cart"),
        Optional.empty(),
        Duration.ofSeconds(5),
        Duration.ofSeconds(2),
        2,
        3);
  }

  private static UpstreamConfig usual(
      String name,
      Server server,
      Method method,
      Optional<StickyCookie> sticky,
      UpstreamConfig.Protocol protocol,
      Optional<HealthConfig> health) {
    return new UpstreamConfig(
        name,
        List.of(server),
        protocol,
        Optional.empty(),
        new BalanceConfig(method, sticky, Duration.ZERO, 0, 0),
        Duration.ofSeconds(2),
        Duration.ofSeconds(60),
        Duration.ofSeconds(60),
        1024,
        1024,
        Duration.ofSeconds(2),
        0,
        health,
        Optional.empty(),
        new Retry(1, List.of(Retry.Condition.values()), 20),
        name.equals("raw") ? SendProxyProtocol.V2 : SendProxyProtocol.OFF);
  }

  private static StickyCookie cookie() {
    return new StickyCookie(
        "srv",
        Duration.ofHours(1),
        false,
        StickyCookie.SameSite.STRICT,
        Optional.of(new StickyCookie.Key("a-key-nobody-may-see")));
  }

  private static List<HostConfig> hosts() {
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

  private static HttpConfig http() {
    return new HttpConfig(
        65_536,
        99,
        4_096,
        Duration.ofSeconds(11),
        Duration.ofSeconds(76),
        Duration.ofSeconds(31),
        new ErrorPages(
            Map.of(
                5, new Page("later\n", "text/plain; charset=utf-8"),
                503, new Page("{}\n", "application/json"))),
        new HttpConfig.Http2(10, 1 << 20, Duration.ofSeconds(9), 1, 2, 3, 4, 5, 6, 7),
        new HttpConfig.Forwarded(
            List.of(CidrBlock.parse("10.0.0.0/8"), CidrBlock.parse("::1")), false, true),
        new HttpConfig.RequestId("X-Trace", true),
        new HttpConfig.WebSocket(false, Duration.ofMinutes(7)));
  }

  private static AlertsConfig alerts() {
    return new AlertsConfig(
        false,
        new AlertsConfig.Objectives(99, 99.5),
        Map.of("www.example.com", new AlertsConfig.Objectives(95, 90.5)),
        3,
        List.of(
            new AlertsConfig.SilenceConfig(
                Map.of("host", "www.example.com"),
                Instant.parse("2030-01-31T22:00:00Z"),
                Instant.parse("2030-01-31T23:00:00Z"),
                "move")),
        Optional.of(
            new AlertsConfig.WebhookConfig(
                URI.create("http://127.0.0.1:9093/api/v2/alerts"),
                Duration.ofMinutes(2),
                Duration.ofSeconds(3),
                Map.of("instance", "edge-1"))));
  }

  private static Path absolute(String path) {
    return FOLDER.toAbsolutePath().resolve(path);
  }

  private static String patternOf(String path) {
    return path.replaceAll("\\[\\d+]", ".*")
        .replaceFirst(
            "^(listeners|tls-policies|certificates|upstreams|hosts)\\.(\"[^\"]*\"|[^.]+)", "$1.*")
        .replaceFirst("\\.(set|add|error-pages|match|labels)\\..*", ".$1");
  }

  private static void collect(Section section, String pattern, Set<String> into) {
    for (Key key : section.keys()) {
      String path = pattern.isEmpty() ? key.name() : pattern + "." + key.name();
      if (Refusals.isWhollyRefused(path)) {
        continue;
      }
      if (path.equals("hosts.*.compression")) {
        into.add(path); // The short form here, the long one in a route.
        continue;
      }
      if (path.equals("upstreams.*.balance")) {
        into.add(path); // The short form.
      }
      if (ReferenceText.core(key.shape()) instanceof Section below) {
        collect(below, ReferenceText.isMany(key.shape()) ? path + ".*" : path, into);
        if (path.equals("upstreams.*.servers")) {
          into.add(path); // The short form alone,
          into.add(path + ".*"); // and beside blocks.
        } else if (path.equals("hosts.*.routes.*.limit")
            || path.equals("hosts.*.routes.*.compression")) {
          into.add(path); // The short form.
        }
      } else {
        into.add(path);
      }
    }
  }
}
