package io.lockgate.staple;

import io.lockgate.config.hocon.ConfigReader;
import io.lockgate.config.hocon.ConfigResult;
import io.lockgate.config.model.ProxyConfig;
import io.lockgate.pki.CertificateEntry;
import io.lockgate.pki.Identity;
import io.lockgate.pki.IdentityCatalog;
import io.lockgate.testkit.ManualClock;
import io.lockgate.testkit.TestCa;
import io.lockgate.testkit.TestIdentity;
import io.lockgate.testkit.TestLeaf;
import io.lockgate.tls.StapleResult;
import io.lockgate.tls.Staples;
import io.lockgate.tls.TlsFixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Stapling with its responder, its clock and its threads in the hands of a test, and one
 * certificate.
 */
final class StaplingScene {
  static final Instant START = Instant.parse("2026-11-23T12:00:00Z");
  static final Duration DAY = Duration.ofDays(1);
  static final TestCa CA = TestCa.root().intermediate("Issuing CA");

  final ManualClock clock = new ManualClock(START);
  final ScriptedStatus responder = new ScriptedStatus();
  final ManualThreads threads = new ManualThreads();
  final Stapling stapling = new Stapling(clock, responder, threads, () -> 0);
  final List<CertificateEntry> entries = new ArrayList<>();
  final Identity www;
  Staples staples = Staples.NONE;
  String mode = "prefer";
  private final Path directory;

  /**
   * @param directory for the configuration
   */
  StaplingScene(Path directory) {
    this.directory = directory;
    this.www = add("www", leaf("www.example"));
  }

  static TestLeaf leaf(String name) {
    return CA.leaf(name).ocspAt("http://ocsp.example/");
  }

  Identity add(String name, TestLeaf leaf) {
    TestIdentity issued = leaf.issue();
    Identity identity = Identity.of(issued.chain(), issued.key());
    entries.add(entry(name, identity));
    return identity;
  }

  static CertificateEntry entry(String name, Identity identity) {
    return new CertificateEntry(name, name, name + ".pem", Optional.empty(), identity, List.of());
  }

  Staples prepare() {
    return stapling.prepare(config(), IdentityCatalog.of(entries), Staples.NONE);
  }

  void serve() {
    staples = prepare();
    stapling.follow(config(), staples);
  }

  void pass(Duration time) {
    clock.advance(time);
    stapling.tick();
  }

  StapleResult result(Identity identity) {
    return TlsFixtures.result(staples, identity);
  }

  StapleFacts facts() {
    return stapling.facts(www).orElseThrow();
  }

  long fetched(String result) {
    long[] count = {0};
    stapling.fetches((certificate, what, n) -> count[0] += what.equals(result) ? n : 0);
    return count[0];
  }

  ProxyConfig config() {
    StringBuilder certificates = new StringBuilder();
    for (CertificateEntry entry : entries) {
      certificates.append(entry.name()).append(" { chain = \"empty.pem\" }\n");
    }
    try {
      Files.writeString(directory.resolve("empty.pem"), "");
      Path file = directory.resolve("lockgate.conf");
      Files.writeString(
          file,
          """
          lockgate {
            listeners { https { address = "127.0.0.1:0" } }
            tls.ocsp { staple = %s, timeout = 50ms }
            certificates { %s }
            hosts { "www.example" { routes = [ { path = "/", respond { status = 200 } } ] } }
          }
          """
              .formatted(mode, certificates));
      ConfigResult result = ConfigReader.read(file, Map.of());
      if (result instanceof ConfigResult.Valid valid) {
        return valid.config();
      }
      throw new AssertionError(result.problems().toString());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
