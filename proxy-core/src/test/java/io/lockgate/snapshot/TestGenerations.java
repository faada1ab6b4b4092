package io.lockgate.snapshot;

import io.lockgate.config.hocon.ConfigReader;
import io.lockgate.config.hocon.ConfigResult;
import io.lockgate.loop.Loops;
import io.lockgate.loop.Transport;
import io.lockgate.pki.IdentityCatalog;
import io.lockgate.pki.IdentityLoader;
import io.lockgate.staple.Stapling;
import io.lockgate.testkit.TestCa;
import io.lockgate.tls.ContextCache;
import io.lockgate.tls.HandshakeWorkers;
import io.lockgate.tls.TicketKeys;
import io.lockgate.tls.TlsFixtures;
import io.lockgate.tls.UpstreamTls;
import io.lockgate.tls.UpstreamTlsCounts;
import io.lockgate.upstream.UpstreamWatch;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/** Builds generations from texts, one after the other, without any socket. */
final class TestGenerations implements AutoCloseable {
  static final String LISTENERS =
      """
      listeners {
        https { address = "127.0.0.1:8443" }
        http { address = "127.0.0.1:8080", tls = off }
      }
      certificates { www { chain = "www.pem", key = "www.key" } }
      """;

  private static final TestCa CA = TestCa.root();

  private final Path directory;
  private final Loops loops = Loops.start(Transport.NIO, 1);
  private final UpstreamWatch watch = new UpstreamWatch(Transport.NIO);
  private final HandshakeWorkers workers = new HandshakeWorkers(1, 1);
  private final ContextCache contexts;
  private final IdentityLoader loader;
  private final SnapshotBuilder builder;
  private Optional<Snapshot> last = Optional.empty();

  TestGenerations(Path directory) {
    this.directory = directory;
    TicketKeys keys = TlsFixtures.ticketKeys();
    contexts = new ContextCache(100, keys, loops::afterBarrier, workers);
    loader = new IdentityLoader(Clock.systemUTC(), Map.of());
    builder =
        new SnapshotBuilder(
            Clock.systemUTC(),
            new UpstreamPools(
                loops,
                watch,
                new UpstreamTls.Surroundings(Clock.systemUTC(), Runnable::run, Cleaner.create()),
                new UpstreamTlsCounts()),
            contexts,
            loader,
            Stapling.ofProcess(Clock.systemUTC()));
    renewCertificate();
  }

  void renewCertificate() {
    CA.issue("a.example", "b.example", "*.w.example").writeTo(directory, "www");
  }

  /** What becomes of a configuration; the root key is added. */
  BuildResult tryBuild(String config) throws IOException {
    Path file = directory.resolve("lockgate.conf");
    Files.writeString(file, "lockgate {\n" + config + "\n}\n");
    ConfigResult read = ConfigReader.read(file, Map.of());
    if (!(read instanceof ConfigResult.Valid valid)) {
      throw new AssertionError(read.problems().toString());
    }
    BuildResult result =
        last.map(previous -> builder.next(valid, previous))
            .orElseGet(() -> builder.first(valid, firstIdentities(valid)));
    if (result instanceof BuildResult.Built built) {
      last = Optional.of(built.snapshot());
    }
    return result;
  }

  private IdentityCatalog firstIdentities(ConfigResult.Valid valid) {
    return loader.load(valid.config(), IdentityCatalog.EMPTY, 1);
  }

  Snapshot build(String config) throws IOException {
    BuildResult result = tryBuild(config);
    if (result instanceof BuildResult.Built built) {
      return built.snapshot();
    }
    throw new AssertionError(result.problems().toString());
  }

  @Override
  public void close() {
    contexts.close();
    watch.close();
    loops.close();
  }
}
