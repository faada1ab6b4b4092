package io.lockgate.app.warmup;

import io.lockgate.config.model.RuntimeConfig.Transport;
import io.lockgate.metrics.Metric;
import io.lockgate.proxy.ListenerView;
import io.lockgate.proxy.Proxy;
import io.lockgate.proxy.ProxySetup;
import io.lockgate.proxy.ReloadReport;
import io.lockgate.proxy.StartException;
import io.lockgate.ticket.TicketSourceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A proxy beside the one that serves, with one event loop, counters and sessions of its own, on
 * ports of loopback that the system chooses. It is the origin of its own requests, too: each goes
 * around through its listeners, as the path says.
 */
final class PrivateProxy implements AutoCloseable {

  /** What ends the content of every answer. */
  static final String END = "\nend\n";

  private static final String NAME = "warm-up";

  private static final String NAME_OF_DIRECTORY = "lockgate-warm-up";

  /** In containers with a file system that is read-only, shared memory is not. */
  private static final List<Path> PLACES =
      List.of(Path.of(System.getProperty("java.io.tmpdir")), Path.of("/dev/shm"));

  /** On a busy machine its threads may stand still for seconds. */
  private static final String PATIENT = "connect-timeout = 1m, max-wait = 1m";

  private static final int SMALL = 1024;
  private static final int LARGE = 64 * 1024;

  private final String host;
  private final Path directory;
  private final Proxy proxy;

  private PrivateProxy(String host, Path directory, Proxy proxy) {
    this.host = host;
    this.directory = directory;
    this.proxy = proxy;
  }

  /**
   * Starts it; takes a moment.
   *
   * @throws IOException if there is no place for its files, or it cannot start
   */
  static PrivateProxy start(Transport transport, Clock clock) throws IOException {
    return start(transport, clock, PLACES);
  }

  /** As {@link #start(Transport, Clock)}, with files in the first of these directories that can. */
  static PrivateProxy start(Transport transport, Clock clock, List<Path> places)
      throws IOException {
    Path directory = directory(places);
    // Who else is on this machine must not know it, or could have it ask itself in circles. Nobody
    // can have a name of this kind (RFC 6761, section 6.4).
    String host = "w" + UUID.randomUUID() + ".invalid";
    try {
      Path file = directory.resolve("lockgate.conf");
      Files.writeString(file, common(host, transport) + "}\n");
      Proxy proxy = Proxy.start(new ProxySetup(file, Map.of(), clock, NAME));
      PrivateProxy started = new PrivateProxy(host, directory, proxy);
      try {
        started.follow(file, transport);
        return started;
      } catch (IOException | RuntimeException e) {
        proxy.close();
        throw e;
      }
    } catch (StartException e) {
      delete(directory);
      throw new IOException(e.getMessage(), e);
    } catch (IOException | RuntimeException e) {
      delete(directory);
      throw e;
    }
  }

  private static Path directory(List<Path> places) throws IOException {
    StringJoiner refusals = new StringJoiner(", ", "no directory for its files: ", "");
    for (Path place : places) {
      try {
        return Files.createTempDirectory(place, NAME_OF_DIRECTORY);
      } catch (FileSystemException e) {
        refusals.add(
            place + " (" + Objects.requireNonNullElse(e.getReason(), "cannot be written") + ")");
      }
    }
    throw new IOException(refusals.toString());
  }

  /** Only now the ports are known that its servers have. */
  private void follow(Path file, Transport transport) throws IOException {
    Files.writeString(file, common(host, transport) + around() + "}\n");
    ReloadReport report = proxy.reload(NAME);
    if (report.result() != ReloadReport.Result.APPLIED) {
      throw new IOException("its second configuration: " + report);
    }
    delete(directory); // All of it has been read.
  }

  /** In requests, and in its certificate. */
  String host() {
    return host;
  }

  /** Of the listener without TLS. */
  int port() {
    return port("clear");
  }

  private int port(String listener) {
    String address =
        proxy.listeners().stream()
            .filter(view -> view.name().equals(listener))
            .map(ListenerView::address)
            .findFirst()
            .orElseThrow();
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
  }

  /** Makes the next connections full handshakes. */
  void forgetSessions() throws IOException {
    try {
      proxy.rotateTicketKeys(true);
    } catch (TicketSourceException e) {
      throw new IOException(e);
    }
  }

  /** Of its certificate and its configuration. */
  Path directory() {
    return directory;
  }

  /** The kinds of handshakes that its listeners have had, such as {@code TLSv1.3 full}. */
  Set<String> handshakes() {
    return proxy.metrics().collect().stream()
        .filter(family -> family.metric() == Metric.TLS_HANDSHAKES)
        .flatMap(family -> family.points().stream())
        .map(point -> point.labelValues().get(2) + " " + point.labelValues().get(3))
        .collect(Collectors.toSet());
  }

  private static String common(String host, Transport transport) {
    return """
        lockgate {
          runtime { transport = %s, event-loops = 1, warm-up = off }
          listeners {
            clear { address = "127.0.0.1:0", tls = off }
            secure { address = "127.0.0.1:0" }
            passing { address = "127.0.0.1:0" }
          }
          access-log { path = "/dev/null" }
          limits { max-connections = 500 }
          http { idle-timeout = 10m }
          alerts { enabled = off }
          tls { ocsp { staple = off }, handshake-timeout = 1m }
          tls-policies { twelve { base = intermediate, max-version = "1.2" } }
          certificates { own { local-ca = ".", names = ["%s"] } }
        """
        .formatted(transport.name().toLowerCase(Locale.ROOT), host);
  }

  private String around() {
    int secure = port("secure");
    return """
          upstreams {
            origin { servers = ["127.0.0.1:%1$d"], %8$s }
            h1 { servers = ["127.0.0.1:%2$d"], tls { %4$s }, %8$s }
            h2 { servers = ["127.0.0.1:%2$d"], protocol = h2, tls { %4$s }, %8$s }
            new {
              servers = ["127.0.0.1:%2$d"]
              max-requests-per-connection = 1
              tls { %4$s }
              %8$s
            }
            twelve {
              servers = ["127.0.0.1:%2$d"]
              max-requests-per-connection = 1
              tls { %4$s, policy = twelve }
              %8$s
            }
            passing {
              servers = ["127.0.0.1:%3$d"]
              max-requests-per-connection = 1
              tls { %4$s }
              %8$s
            }
            behind { servers = ["127.0.0.1:%2$d"], %8$s }
          }
          hosts {
            "%5$s" {
              listeners = [clear, secure]
              routes = [
                { path = "/origin", upstream = origin, strip-prefix = "/origin" }
                { path = "/h1", upstream = h1, strip-prefix = "/h1" }
                { path = "/h2", upstream = h2, strip-prefix = "/h2" }
                { path = "/new", upstream = new, strip-prefix = "/new" }
                { path = "/twelve", upstream = twelve, strip-prefix = "/twelve" }
                { path = "/passing", upstream = passing, strip-prefix = "/passing" }
                { path = "/small", respond { body = "%6$s" } }
                { path = "/large", respond { body = "%7$s" } }
              ]
            }
            "passed.invalid" {
              aliases = ["%5$s"]
              listeners = [passing]
              mode = passthrough
              upstream = behind
            }
          }
        """
        .formatted(
            port("clear"),
            secure,
            port("passing"),
            "server-name = \"%s\", trust = \"root.pem\"".formatted(host),
            host,
            content(SMALL),
            content(LARGE),
            PATIENT);
  }

  private static String content(int octets) {
    return "x".repeat(octets - END.length()) + END.replace("\n", "\\n");
  }

  @Override
  public void close() {
    proxy.close();
  }

  private static void delete(Path directory) {
    try (Stream<Path> paths = Files.walk(directory)) {
      List<Path> deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | UncheckedIOException e) {
      // Of no use to anybody, and the system's to clear away.
    }
  }
}
