package io.lockgate.config.hocon;

import io.lockgate.config.model.AccessLogConfig;
import io.lockgate.config.model.AdminConfig;
import io.lockgate.config.model.AlertsConfig;
import io.lockgate.config.model.BindAddress;
import io.lockgate.config.model.CertificateConfig;
import io.lockgate.config.model.CertificateConfig.Source;
import io.lockgate.config.model.CidrBlock;
import io.lockgate.config.model.ErrorPages;
import io.lockgate.config.model.ErrorPages.Page;
import io.lockgate.config.model.HttpConfig;
import io.lockgate.config.model.LimitsConfig;
import io.lockgate.config.model.ListenerConfig;
import io.lockgate.config.model.ListenerConfig.ProxyProtocolConfig;
import io.lockgate.config.model.MemoryCeiling;
import io.lockgate.config.model.ProxyConfig;
import io.lockgate.config.model.RequestLimit;
import io.lockgate.config.model.RuntimeConfig;
import io.lockgate.config.model.TlsConfig;
import io.lockgate.config.model.TlsConfig.NameFallback;
import io.lockgate.config.model.TlsConfig.StapleMode;
import io.lockgate.config.model.TlsPolicy;
import io.lockgate.config.model.TlsPolicy.TlsVersion;
import io.lockgate.config.model.TracingConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** What the files in {@code every-key} say, as it must be read from them. */
final class EveryKeyModel {
  static final Path FOLDER = Path.of("src/test/resources/every-key");

  private EveryKeyModel() {}

  static ProxyConfig config() {
    return new ProxyConfig(
        listeners(),
        policies(),
        tls(),
        certificates(),
        EveryKeyUpstreams.all(),
        EveryKeyHosts.all(),
        http(),
        new LimitsConfig(
            5,
            6,
            7,
            8,
            new MemoryCeiling.Size(512 << 20),
            Optional.of(new RequestLimit(100, 200, 50, new RequestLimit.Key.Field("x-key")))),
        Duration.ZERO,
        new AdminConfig(
            new BindAddress("192.0.2.1", 9000),
            Optional.of(new AdminConfig.Secret("a-token-nobody-may-see"))),
        new AccessLogConfig(
            Optional.of(absolute("certs/access.log")), AccessLogConfig.Format.COMBINED, 12.5),
        alerts(),
        new TracingConfig(
            Optional.of(URI.create("http://127.0.0.1:4318/v1/traces")), 2.5, true, "edge"),
        new RuntimeConfig(RuntimeConfig.Transport.NIO, 3, true, false),
        ProxyConfig.Origins.NONE);
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

  /** A path as the files name it. */
  static Path absolute(String path) {
    return FOLDER.toAbsolutePath().resolve(path);
  }
}
