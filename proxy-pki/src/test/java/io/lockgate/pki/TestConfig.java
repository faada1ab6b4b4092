package io.lockgate.pki;

import io.lockgate.config.model.AccessLogConfig;
import io.lockgate.config.model.AdminConfig;
import io.lockgate.config.model.AlertsConfig;
import io.lockgate.config.model.BindAddress;
import io.lockgate.config.model.CertificateConfig;
import io.lockgate.config.model.CertificateConfig.Source;
import io.lockgate.config.model.HttpConfig;
import io.lockgate.config.model.LimitsConfig;
import io.lockgate.config.model.MemoryCeiling;
import io.lockgate.config.model.Origin;
import io.lockgate.config.model.ProxyConfig;
import io.lockgate.config.model.RuntimeConfig;
import io.lockgate.config.model.TlsConfig;
import io.lockgate.config.model.TracingConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A configuration of nothing but certificates; {@code certificates.www} stands at line 7. */
final class TestConfig {
  static final Origin WWW_ORIGIN = new Origin("certificates.conf", 7);

  private TestConfig() {}

  static ProxyConfig of(CertificateConfig... certificates) {
    return stapling(TlsConfig.StapleMode.PREFER, certificates);
  }

  static ProxyConfig stapling(TlsConfig.StapleMode staple, CertificateConfig... certificates) {
    Duration any = Duration.ofSeconds(10);
    return new ProxyConfig(
        List.of(),
        Map.of(),
        new TlsConfig(
            "intermediate",
            any,
            new TlsConfig.Tickets(true, any, 2, new TlsConfig.KeySource.Memory()),
            new TlsConfig.SessionCache(100, any),
            new TlsConfig.Ocsp(staple, 50, Path.of("ocsp"), any),
            true,
            true,
            TlsConfig.NameFallback.REJECT,
            TlsConfig.NameFallback.REJECT,
            100),
        List.of(certificates),
        List.of(),
        List.of(),
        new HttpConfig(
            1,
            1,
            1,
            any,
            any,
            any,
            new HttpConfig.Http2(1, 1, any, 1, 1, 1, 1, 1, 1, 1),
            new HttpConfig.Forwarded(List.of(), true, false),
            new HttpConfig.RequestId("X-Request-Id", false),
            new HttpConfig.WebSocket(true, any)),
        new LimitsConfig(0, 0, 0, 0, new MemoryCeiling.Share(70), Optional.empty()),
        any,
        new AdminConfig(new BindAddress("127.0.0.1", 0), Optional.empty()),
        new AccessLogConfig(Optional.empty(), AccessLogConfig.Format.OFF, 100),
        AlertsConfig.STANDARD,
        TracingConfig.OFF,
        new RuntimeConfig(RuntimeConfig.Transport.AUTO, 0, false, false),
        new ProxyConfig.Origins(Map.of("certificates.www", WWW_ORIGIN)));
  }

  static CertificateConfig www(Path chain, Path key) {
    return certificate("www", new Source.Files(chain, key, Optional.empty()));
  }

  static CertificateConfig www(Path chain, Path key, String passwordEnv) {
    return certificate("www", new Source.Files(chain, key, Optional.of(passwordEnv)));
  }

  static CertificateConfig tenants(Path directory) {
    return certificate("tenants", new Source.Directory(directory));
  }

  static CertificateConfig local(Path directory, String... names) {
    return certificate("local", new Source.LocalCa(directory, List.of(names)));
  }

  static CertificateConfig certificate(String name, Source source) {
    return new CertificateConfig(name, source, Optional.of("team-web"), Optional.empty());
  }
}
