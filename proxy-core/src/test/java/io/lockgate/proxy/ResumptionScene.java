package io.lockgate.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.metrics.Metric;
import io.lockgate.metrics.MetricPoint;
import io.lockgate.testkit.Command;
import io.lockgate.testkit.ManualClock;
import io.lockgate.testkit.TestCa;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Proxies of one configuration on the test's clock, and openssl as their client. */
final class ResumptionScene implements AutoCloseable {
  static final TestCa CA = TestCa.root();
  private static final Map<String, String> ENVIRONMENT =
      Map.of("SEED", "one seed of no less than thirty-two bytes");

  final Path directory;
  final ManualClock clock = new ManualClock(Instant.now());
  private final List<Proxy> proxies = new ArrayList<>();

  /**
   * @param directory for the configuration, which is written there, and what it names
   */
  ResumptionScene(Path directory) {
    this.directory = directory;
    issue();
  }

  @Override
  public void close() {
    proxies.forEach(Proxy::close);
  }

  /** The kinds of sessions that there are. */
  enum Kind {
    TICKET_1_3("ticket", "-tls1_3"),
    TICKET_1_2("ticket", "-tls1_2"),
    ID_1_2("cache", "-tls1_2", "-no_ticket");

    final String label;

    @SuppressWarnings("ImmutableEnumChecker") // List.of is
    private final List<String> options;

    Kind(String label, String... options) {
      this.label = label;
      this.options = List.of(options);
    }
  }

  void issue() {
    CA.issue("a.example", "b.example", "*.w.example").writeTo(directory, "www");
  }

  void configure(String tickets, String more) throws IOException {
    Files.writeString(
        directory.resolve("lockgate.conf"),
        """
        lockgate {
          listeners { https { address = "127.0.0.1:0" } }
          certificates { www { chain = "www.pem", key = "www.key" } }
          tls.tickets { %s }
          tls-policies { other { groups = [X25519] } }
          hosts {
            "a.example" { aliases = ["x.w.example"], routes = [{ path = "/", respond { body = "a" } }] }
            "b.example" { routes = [{ path = "/", respond { body = "b" } }] }
          }
          access-log { format = off }
          runtime { event-loops = 1 }
          %s
        }
        """
            .formatted(tickets, more));
  }

  void configure(String tickets) throws IOException {
    configure(tickets, "");
  }

  Proxy start() throws StartException {
    Proxy proxy =
        Proxy.start(new ProxySetup(directory.resolve("lockgate.conf"), ENVIRONMENT, clock, "test"));
    proxies.add(proxy);
    return proxy;
  }

  Proxy start(String tickets) throws Exception {
    configure(tickets);
    return start();
  }

  void reload(Proxy proxy) {
    ReloadReport report = proxy.reload("test");
    assertThat(report.result())
        .as(report.problems().toString())
        .isEqualTo(ReloadReport.Result.APPLIED);
  }

  /** A full handshake whose session is in the file. */
  Path session(Proxy proxy, Kind kind, String host) throws IOException {
    Path file = Files.createTempFile(directory, "session", ".pem");
    assertThat(visit(proxy, kind, host, "-sess_out", file.toString())).isFalse();
    assertThat(file).isNotEmptyFile();
    return file;
  }

  Path session(Proxy proxy, Kind kind) throws IOException {
    return session(proxy, kind, "a.example");
  }

  boolean resumes(Proxy proxy, Kind kind, String host, Path session) {
    return visit(proxy, kind, host, "-sess_in", session.toString());
  }

  boolean resumes(Proxy proxy, Kind kind, Path session) {
    return resumes(proxy, kind, "a.example", session);
  }

  /** One request; tells whether the handshake resumed, and fails where it failed. */
  static boolean visit(Proxy proxy, Kind kind, String host, String... more) {
    List<String> options = new ArrayList<>(List.of("s_client", "-ign_eof"));
    options.addAll(List.of("-connect", proxy.listeners().get(0).address(), "-servername", host));
    options.addAll(kind.options);
    options.addAll(List.of(more));
    String request = "GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
    String output =
        Command.of("openssl", options.toArray(String[]::new))
            .input(out -> out.write(request.getBytes(StandardCharsets.US_ASCII)))
            .run()
            .all();
    assertThat(output).contains("HTTP/1.1 200 OK").containsPattern("(New|Reused), TLSv1");
    return output.contains("Reused, TLSv1");
  }

  static double metric(Proxy proxy, Metric metric, String... labels) {
    return proxy.metrics().collect().stream()
        .filter(family -> family.metric() == metric)
        .flatMap(family -> family.points().stream())
        .filter(point -> point.labelValues().containsAll(List.of(labels)))
        .mapToDouble(point -> ((MetricPoint.Value) point).value())
        .sum();
  }
}
