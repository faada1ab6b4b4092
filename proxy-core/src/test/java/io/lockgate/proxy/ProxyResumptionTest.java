package io.lockgate.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockgate.metrics.Metric;
import io.lockgate.metrics.MetricPoint;
import io.lockgate.pki.Identity;
import io.lockgate.testkit.Command;
import io.lockgate.testkit.ManualClock;
import io.lockgate.testkit.Patience;
import io.lockgate.testkit.TestCa;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whether sessions resume at a whole proxy, by openssl as the client. */
class ProxyResumptionTest {
  private static final TestCa CA = TestCa.root();
  private static final Map<String, String> ENVIRONMENT =
      Map.of("SEED", "one seed of no less than thirty-two bytes");

  @TempDir private Path directory;
  private final ManualClock clock = new ManualClock(Instant.now());
  private final List<Proxy> proxies = new ArrayList<>();

  /** The kinds of sessions that there are. */
  private enum Kind {
    TICKET_1_3("ticket", "-tls1_3"),
    TICKET_1_2("ticket", "-tls1_2"),
    ID_1_2("cache", "-tls1_2", "-no_ticket");

    private final String label;

    @SuppressWarnings("ImmutableEnumChecker") // List.of is
    private final List<String> options;

    Kind(String label, String... options) {
      this.label = label;
      this.options = List.of(options);
    }
  }

  @BeforeEach
  void issueCertificates() {
    issue();
  }

  @AfterEach
  void closeAll() {
    proxies.forEach(Proxy::close);
  }

  private void issue() {
    CA.issue("a.example", "b.example", "*.w.example").writeTo(directory, "www");
  }

  private void configure(String tickets, String more) throws IOException {
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

  private void configure(String tickets) throws IOException {
    configure(tickets, "");
  }

  private Proxy start() throws StartException {
    Proxy proxy =
        Proxy.start(new ProxySetup(directory.resolve("lockgate.conf"), ENVIRONMENT, clock, "test"));
    proxies.add(proxy);
    return proxy;
  }

  private Proxy start(String tickets) throws Exception {
    configure(tickets);
    return start();
  }

  private void reload(Proxy proxy) {
    ReloadReport report = proxy.reload("test");
    assertThat(report.result())
        .as(report.problems().toString())
        .isEqualTo(ReloadReport.Result.APPLIED);
  }

  /** A full handshake whose session is in the file. */
  private Path session(Proxy proxy, Kind kind, String host) throws IOException {
    Path file = Files.createTempFile(directory, "session", ".pem");
    assertThat(visit(proxy, kind, host, "-sess_out", file.toString())).isFalse();
    assertThat(file).isNotEmptyFile();
    return file;
  }

  private Path session(Proxy proxy, Kind kind) throws IOException {
    return session(proxy, kind, "a.example");
  }

  private boolean resumes(Proxy proxy, Kind kind, String host, Path session) {
    return visit(proxy, kind, host, "-sess_in", session.toString());
  }

  private boolean resumes(Proxy proxy, Kind kind, Path session) {
    return resumes(proxy, kind, "a.example", session);
  }

  /** One request; tells whether the handshake resumed, and fails where it failed. */
  private static boolean visit(Proxy proxy, Kind kind, String host, String... more) {
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

  private static double metric(Proxy proxy, Metric metric, String... labels) {
    return proxy.metrics().collect().stream()
        .filter(family -> family.metric() == metric)
        .flatMap(family -> family.points().stream())
        .filter(point -> point.labelValues().containsAll(List.of(labels)))
        .mapToDouble(point -> ((MetricPoint.Value) point).value())
        .sum();
  }

  @ParameterizedTest
  @EnumSource
  void aSessionResumesAtItsHostAndNoOther(Kind kind) throws Exception {
    Proxy proxy = start("");
    Path session = session(proxy, kind);
    assertThat(resumes(proxy, kind, session)).isTrue();
    assertThat(resumes(proxy, kind, "x.w.example", session)).as("the same host").isTrue();
    assertThat(resumes(proxy, kind, "b.example", session)).isFalse();
    Patience.until(
        "handshakes are counted by how they resumed",
        () ->
            metric(proxy, Metric.TLS_HANDSHAKES, kind.label) == 2
                && metric(proxy, Metric.TLS_HANDSHAKES, "full") == 2);
  }

  @Test
  void aCertificateThatComesBackBeforeItWasForgottenKeepsItsCount() throws Exception {
    Proxy proxy = start("");
    visit(proxy, Kind.TICKET_1_3, "a.example");
    Identity identity = proxy.certificates().entries().iterator().next().identity();
    Patience.until("it is counted", () -> proxy.handshakes(identity) == 1);
    CA.issue("a.example", "b.example", "*.w.example").writeTo(directory, "other");
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch turned = new CountDownLatch(1);
    proxy.loops().all().get(0).executor().execute(() -> awaitUninterruptibly(held));
    configure("", "certificates.www { chain = \"other.pem\", key = \"other.key\" }");
    reload(proxy);
    configure("");
    reload(proxy);
    proxy.loops().afterBarrier(turned::countDown);
    held.countDown();
    turned.await();
    // Comes after what the barriers of the reloads have asked for.
    proxy.reload("test");
    assertThat(proxy.handshakes(identity)).isEqualTo(1);
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSessionOutlivesAReload(Kind kind) throws Exception {
    Proxy proxy = start("");
    Path session = session(proxy, kind);
    configure("rotate-every = 3h", "http.idle-timeout = 7s");
    reload(proxy);
    assertThat(resumes(proxy, kind, session)).isTrue();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ID_1_2")
  void aTicketOutlivesTheCertificate(Kind kind) throws Exception {
    Proxy proxy = start("");
    Path session = session(proxy, kind);
    issue();
    reload(proxy);
    assertThat(resumes(proxy, kind, session)).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void aSessionEndsWithThePolicyItWasBegunUnder(Kind kind) throws Exception {
    Proxy proxy = start("");
    Path session = session(proxy, kind);
    configure("", "tls.policy = other");
    reload(proxy);
    assertThat(resumes(proxy, kind, session)).isFalse();
  }

  /** Or whoever was let in without a certificate would stay in (the way of CVE-2025-23419). */
  @ParameterizedTest
  @EnumSource
  void aSessionEndsWithTheDemandsOnClientsItWasBegunUnder(Kind kind) throws Exception {
    Files.writeString(directory.resolve("one.pem"), CA.rootPem());
    Files.writeString(directory.resolve("two.pem"), TestCa.root().rootPem());
    Proxy proxy = start("");
    Path session = session(proxy, kind);
    for (String trust : List.of("one.pem", "two.pem")) {
      configure(
          "", "hosts.\"a.example\".client-auth { mode = optional, trust = \"" + trust + "\" }");
      reload(proxy);
      assertThat(resumes(proxy, kind, session)).as("under %s", trust).isFalse();
      session = session(proxy, kind);
      assertThat(resumes(proxy, kind, session)).as("its own, under %s", trust).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ID_1_2")
  void aTicketEndsAfterAsManyRotationsAsAreAccepted(Kind kind) throws Exception {
    Proxy proxy = start("accept-previous = 1");
    Path session = session(proxy, kind);
    proxy.rotateTicketKeys(false);
    assertThat(metric(proxy, Metric.TLS_TICKET_KEYS, "current")).isEqualTo(1);
    assertThat(metric(proxy, Metric.TLS_TICKET_KEYS, "accepted")).isEqualTo(1);
    assertThat(resumes(proxy, kind, session)).isTrue();
    proxy.rotateTicketKeys(false);
    assertThat(metric(proxy, Metric.TLS_TICKET_KEYS, "accepted")).isEqualTo(1);
    assertThat(resumes(proxy, kind, session)).isFalse();
  }

  @Test
  void acceptingFewerKeysTakesEffectWithTheReload() throws Exception {
    Proxy proxy = start("accept-previous = 2");
    Path session = session(proxy, Kind.TICKET_1_3);
    proxy.rotateTicketKeys(false);
    configure("accept-previous = 0");
    reload(proxy);
    assertThat(metric(proxy, Metric.TLS_TICKET_KEYS, "accepted")).isZero();
    assertThat(resumes(proxy, Kind.TICKET_1_3, session)).isFalse();
  }

  @Test
  void keysAreRotatedByTheClock() throws Exception {
    Proxy proxy = start("rotate-every = 1h");
    assertThat(metric(proxy, Metric.TLS_TICKET_KEYS, "accepted")).isZero();
    clock.advance(Duration.ofMinutes(59));
    assertThat(metric(proxy, Metric.TLS_TICKET_KEY_AGE)).isEqualTo(59 * 60);
    clock.advance(Duration.ofMinutes(1));
    Patience.until(
        "a new key is made", () -> metric(proxy, Metric.TLS_TICKET_KEYS, "accepted") == 1);
    assertThat(metric(proxy, Metric.TLS_TICKET_KEY_AGE)).isZero();
  }

  @Test
  void withoutTicketsThereAreNoKeys() throws Exception {
    Proxy proxy = start("enabled = off");
    assertThat(metric(proxy, Metric.TLS_TICKET_KEYS)).isZero();
  }

  @Nested
  class AfterForgetting {
    @ParameterizedTest
    @EnumSource(Kind.class)
    void noSessionOfBeforeResumesAndNewOnesDo(Kind kind) throws Exception {
      Proxy proxy = start("accept-previous = 4");
      Path session = session(proxy, kind);
      proxy.rotateTicketKeys(false);
      assertThat(resumes(proxy, kind, session)).isTrue();
      proxy.rotateTicketKeys(true);
      assertThat(metric(proxy, Metric.TLS_TICKET_KEYS, "accepted")).isZero();
      assertThat(resumes(proxy, kind, session)).isFalse();
      assertThat(resumes(proxy, kind, session(proxy, kind))).isTrue();
    }
  }

  @Nested
  class WithAKeysDirectory {
    private static final String SHARED = "keys-directory = keys, accept-previous = 1";

    @ParameterizedTest
    @EnumSource(value = Kind.class, mode = EnumSource.Mode.EXCLUDE, names = "ID_1_2")
    void aTicketOfOneProcessResumesAtAnother(Kind kind) throws Exception {
      Proxy one = start(SHARED);
      Proxy other = start();
      Path session = session(one, kind);
      assertThat(resumes(other, kind, session)).isTrue();
      one.rotateTicketKeys(false);
      assertThat(resumes(other, kind, session)).isTrue();
      Path fresh = session(one, kind);
      clock.advance(Duration.ofMinutes(1));
      Patience.until("the other follows", () -> resumes(other, kind, fresh));
      one.rotateTicketKeys(false);
      clock.advance(Duration.ofMinutes(1));
      Patience.until("the other follows", () -> !resumes(other, kind, session));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void forgettingInOneIsFollowedByAll(Kind kind) throws Exception {
      Proxy one = start(SHARED);
      Proxy other = start();
      Path session = session(other, kind);
      one.rotateTicketKeys(true);
      clock.advance(Duration.ofMinutes(1));
      Patience.until("the other has forgotten", () -> !resumes(other, kind, session));
    }

    @Test
    void aTicketOutlivesARestart() throws Exception {
      Proxy one = start(SHARED);
      Path session = session(one, Kind.TICKET_1_3);
      one.close();
      assertThat(resumes(start(), Kind.TICKET_1_3, session)).isTrue();
    }

    @Test
    void itIsAnErrorIfOthersCouldReadTheKeys() throws Exception {
      Proxy running = start("");
      Path session = session(running, Kind.TICKET_1_3);
      Path keys = Files.createDirectory(directory.resolve("keys"));
      Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rwxr-xr-x"));
      configure(SHARED);
      assertThatThrownBy(ProxyResumptionTest.this::start)
          .isInstanceOf(StartException.class)
          .hasMessageContaining("error[ticket-keys-exposed]")
          .hasMessageContaining("lockgate.conf:4");
      assertThat(running.reload("test").result()).isEqualTo(ReloadReport.Result.REJECTED);
      assertThat(resumes(running, Kind.TICKET_1_3, session)).as("what was goes on").isTrue();
    }

    @Test
    void keysThatCannotBeReadAnyMoreStayAsTheyWere() throws Exception {
      Proxy running = start(SHARED);
      Path session = session(running, Kind.TICKET_1_3);
      Files.writeString(directory.resolve("keys/keys"), "garbage");
      clock.advance(Duration.ofMinutes(1));
      assertThatThrownBy(() -> running.rotateTicketKeys(false)).hasMessageContaining("keys/keys");
      assertThat(resumes(running, Kind.TICKET_1_3, session)).isTrue();
    }
  }

  @Nested
  class WithASeed {
    private static final String SEEDED = "keys-seed { env = SEED }, rotate-every = 1h";

    @ParameterizedTest
    @EnumSource(value = Kind.class, mode = EnumSource.Mode.EXCLUDE, names = "ID_1_2")
    void aTicketOfOneProcessResumesAtAnother(Kind kind) throws Exception {
      Proxy one = start(SEEDED);
      Proxy other = start();
      Path session = session(one, kind);
      assertThat(resumes(other, kind, session)).isTrue();
      assertThat(metric(one, Metric.TLS_TICKET_KEYS, "accepted"))
          .as("two before, one after")
          .isEqualTo(3);
    }

    @Test
    void anotherSeedTakesEffectWithTheReload() throws Exception {
      Path seed = directory.resolve("seed");
      Files.writeString(seed, "the first seed, of more than 32 bytes");
      Proxy proxy = start("keys-seed { file = seed }");
      Path ticket = session(proxy, Kind.TICKET_1_3);
      Path id = session(proxy, Kind.ID_1_2);
      assertThat(proxy.reload("test").result()).isEqualTo(ReloadReport.Result.UNCHANGED);
      assertThat(resumes(proxy, Kind.TICKET_1_3, ticket)).isTrue();
      Files.writeString(seed, "the second seed, of more than 32 bytes");
      reload(proxy);
      assertThat(resumes(proxy, Kind.TICKET_1_3, ticket)).isFalse();
      assertThat(resumes(proxy, Kind.ID_1_2, id)).isFalse();
      Files.writeString(seed, "short");
      assertThat(proxy.reload("test").problems().toString()).contains("short-ticket-seed");
    }

    @Test
    void keysCannotBeRotatedByHand() throws Exception {
      Proxy proxy = start(SEEDED);
      assertThatThrownBy(() -> proxy.rotateTicketKeys(true)).hasMessageContaining("seed");
    }
  }
}
