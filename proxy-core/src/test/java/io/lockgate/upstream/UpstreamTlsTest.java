package io.lockgate.upstream;

import static io.lockgate.upstream.UpstreamScene.OK;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.config.model.TlsPolicy;
import io.lockgate.config.model.TlsPolicy.TlsVersion;
import io.lockgate.pki.Identity;
import io.lockgate.pki.ServerTrust;
import io.lockgate.testkit.ByteOrigin;
import io.lockgate.testkit.Patience;
import io.lockgate.testkit.ScriptedOrigin;
import io.lockgate.testkit.TestCa;
import io.lockgate.testkit.TestIdentity;
import io.lockgate.testkit.TestKey;
import io.lockgate.testkit.TlsSide;
import io.lockgate.tls.HandshakeWorkers;
import io.lockgate.tls.TlsListener.How;
import io.lockgate.tls.UpstreamTls;
import io.lockgate.tls.UpstreamTlsListener;
import io.lockgate.tls.UpstreamTlsTerms;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import javax.net.ssl.ExtendedSSLSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS towards servers, against the JDK's implementation of it on loopback. */
class UpstreamTlsTest {
  private static final TestCa CA = TestCa.root();
  private static final TestIdentity SERVER = CA.issue("app.internal", "127.0.0.1");
  private static final TlsPolicy POLICY =
      new TlsPolicy(
          "test",
          TlsVersion.TLS_1_2,
          TlsVersion.TLS_1_3,
          List.of("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"),
          List.of("X25519", "P-256"),
          Set.of(),
          Set.of());

  private final UpstreamScene scene = new UpstreamScene();
  private final TestLoops loops = scene.loops;
  private final HandshakeWorkers workers = new HandshakeWorkers(2, 100);
  private final Cleaner cleaner = Cleaner.create();
  private final Told told = new Told();
  private final CountDownLatch latch = scene.latch;

  @AfterEach
  void close() throws IOException {
    scene.close();
    workers.close();
  }

  /** What a listener hears. */
  private static final class Told implements UpstreamTlsListener {
    private final List<String> handshakes = new CopyOnWriteArrayList<>();
    private final List<How> closes = new CopyOnWriteArrayList<>();

    @Override
    public void handshakeEnded(String result, String resumed) {
      handshakes.add(result + " " + resumed);
    }

    @Override
    public void closed(How how) {
      closes.add(how);
    }
  }

  private ScriptedOrigin answering(TlsSide side) throws IOException {
    return scene.kept(ScriptedOrigin.answering(side, OK));
  }

  private static UpstreamTlsTerms terms(Optional<String> serverName) {
    return new UpstreamTlsTerms(
        POLICY,
        List.of("http/1.1"),
        serverName,
        Optional.of(ServerTrust.of(List.of(CA.certificate()))),
        List.of(),
        Optional.empty());
  }

  private static UpstreamTlsTerms presenting(TestIdentity identity) {
    return new UpstreamTlsTerms(
        POLICY,
        List.of("http/1.1"),
        Optional.empty(),
        Optional.of(ServerTrust.of(List.of(CA.certificate()))),
        List.of(),
        Optional.of(Identity.of(identity.chain(), identity.key())));
  }

  private UpstreamPool pool(UpstreamTlsTerms terms, String... servers) {
    return pool(terms, Duration.ofSeconds(30), servers);
  }

  private UpstreamPool pool(UpstreamTlsTerms terms, Duration connect, String... servers) {
    UpstreamTls tls =
        UpstreamTls.build(
            terms,
            List.of("127.0.0.1"),
            new UpstreamTls.Surroundings(Clock.systemUTC(), workers, cleaner));
    return loops.pool(
        s -> s.waitingFor(connect, Duration.ofSeconds(30), Duration.ofSeconds(60)).requestsEach(1),
        Optional.of(new UpstreamSecurity(tls, told)),
        servers);
  }

  private String error(UpstreamPool pool) {
    return pool.figures().get(0).error();
  }

  @Nested
  class AServerThatProvesItsName {
    @Test
    void isSentRequests() throws IOException {
      ScriptedOrigin origin = answering(TlsSide.of(SERVER));
      UpstreamPool pool = pool(terms(Optional.empty()), origin.address());
      assertThat(loops.get(pool).outcome()).isEqualTo("200 ok");
      Patience.until("told", () -> told.handshakes, List.of("ok full")::equals);
    }

    @Test
    void isAskedForByTheNameConfigured() throws IOException {
      List<String> names = new CopyOnWriteArrayList<>();
      ScriptedOrigin origin =
          scene.playing(
              TlsSide.of(SERVER).alpn("http/1.1"),
              peer -> {
                names.add(
                    ((ExtendedSSLSession) peer.tls().getSession()).getRequestedServerNames()
                        + " "
                        + peer.tls().getApplicationProtocol());
                peer.readRequest();
                peer.write(OK);
              });
      assertThat(loops.get(pool(terms(Optional.of("app.internal")), origin.address())).outcome())
          .isEqualTo("200 ok");
      assertThat(loops.get(pool(terms(Optional.empty()), origin.address())).outcome())
          .isEqualTo("200 ok");
      assertThat(names)
          .as("an address has no place in SNI (RFC 6066 section 3)")
          .containsExactly("[type=host_name (0), value=app.internal] http/1.1", "[] http/1.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void resumesItsSession(String version) throws IOException {
      ScriptedOrigin origin = answering(TlsSide.of(SERVER).versions(version));
      UpstreamPool pool = pool(terms(Optional.of("app.internal")), origin.address());
      for (int i = 0; i < 3; i++) {
        assertThat(loops.get(pool).outcome()).isEqualTo("200 ok");
      }
      String resumed = version.equals("TLSv1.3") ? "ok ticket" : "ok cache";
      Patience.until("told", () -> told.handshakes, List.of("ok full", resumed, resumed)::equals);
    }

    @Test
    void resumesNoSessionThatWasAgreedOnUnderAnotherName() throws IOException {
      ScriptedOrigin origin = answering(TlsSide.of(SERVER));
      loops.get(pool(terms(Optional.of("app.internal")), origin.address()));
      loops.get(pool(terms(Optional.empty()), origin.address()));
      Patience.until("told", () -> told.handshakes, List.of("ok full", "ok full")::equals);
    }
  }

  @Nested
  class AServerThatDoesNot {
    @Test
    void isSentNothing() throws IOException {
      ScriptedOrigin origin = answering(TlsSide.of(CA.issue("other.internal")));
      UpstreamPool pool = pool(terms(Optional.of("app.internal")), origin.address());
      assertThat(loops.get(pool).outcome()).isEqualTo("TLS_VERIFY_FAILED");
      assertThat(error(pool))
          .isEqualTo(
              "tls_verify_failed: the server's certificate does not cover app.internal: it is for other.internal");
      Patience.until("told", () -> told.handshakes, List.of("verify_failed full")::equals);
      assertThat(origin.received()).isEmpty();
      loops.awaitRest(pool, 0);
    }

    @Test
    void isPassedOverForOneThatDoes() throws IOException {
      ScriptedOrigin bad = answering(TlsSide.of(TestCa.selfSigned("127.0.0.1").issue()));
      ScriptedOrigin good = answering(TlsSide.of(SERVER));
      UpstreamPool pool = pool(terms(Optional.empty()), bad.address(), good.address());
      assertThat(loops.get(pool).outcome()).isEqualTo("200 ok");
      assertThat(loops.get(pool).outcome()).isEqualTo("200 ok");
      assertThat(bad.received()).isEmpty();
    }

    @Test
    void failsWithTheReason() throws IOException {
      ScriptedOrigin origin = answering(TlsSide.of(CA.leaf("127.0.0.1").expired().issue()));
      UpstreamPool pool = pool(terms(Optional.empty()), origin.address());
      assertThat(loops.get(pool).outcome()).isEqualTo("TLS_VERIFY_FAILED");
      assertThat(error(pool)).startsWith("tls_verify_failed: the server's certificate expired at ");
    }
  }

  @Nested
  class AServerThatWantsACertificate {
    private final TestIdentity client = CA.leaf("proxy.internal").forClient().issue();

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void isShownTheOneConfigured(String version) throws IOException {
      List<String> seen = new CopyOnWriteArrayList<>();
      ScriptedOrigin origin =
          scene.playing(
              TlsSide.askingClients(SERVER, CA.certificate()).versions(version),
              peer -> {
                seen.add(
                    String.valueOf(
                        peer.tls().getSession().getPeerCertificates()[0].equals(client.leaf())));
                peer.readRequest();
                peer.write(OK);
              });
      assertThat(loops.get(pool(presenting(client), origin.address())).outcome())
          .isEqualTo("200 ok");
      assertThat(seen).containsExactly("true");
    }

    @Test
    void refusesAConnectionWithoutOne() throws IOException {
      ScriptedOrigin origin = answering(TlsSide.askingClients(SERVER, CA.certificate()));
      UpstreamPool pool = pool(terms(Optional.empty()), origin.address());
      assertThat(loops.get(pool).outcome()).isIn("TLS_HANDSHAKE_FAILED", "CLOSED_BEFORE_RESPONSE");
    }

    @Test
    void refusesOneOfAStranger() throws IOException {
      TestIdentity strange =
          TestCa.root("Other", TestKey.EC_P256).leaf("proxy.internal").forClient().issue();
      ScriptedOrigin origin =
          answering(TlsSide.askingClients(SERVER, CA.certificate()).versions("TLSv1.2"));
      UpstreamPool pool = pool(presenting(strange), origin.address());
      assertThat(loops.get(pool).outcome()).isEqualTo("TLS_HANDSHAKE_FAILED");
      assertThat(error(pool)).contains("ALERT");
    }
  }

  @Nested
  class AnEnd {
    private static final String WITHOUT_LENGTH = "HTTP/1.1 200 OK\r\n\r\nhalf";

    @Test
    void thatTlsTellsCompletesAResponseWithoutLength() throws IOException {
      ScriptedOrigin origin =
          scene.playing(
              TlsSide.of(SERVER),
              peer -> {
                peer.readRequest();
                peer.write(WITHOUT_LENGTH);
                peer.close();
              });
      assertThat(loops.get(pool(terms(Optional.empty()), origin.address())).outcome())
          .isEqualTo("200 half");
      Patience.until("told", () -> told.closes, List.of(How.CLOSE_NOTIFY)::equals);
    }

    @Test
    void thatOnlyTcpTellsBreaksIt() throws IOException {
      ScriptedOrigin origin =
          scene.playing(
              TlsSide.of(SERVER),
              peer -> {
                peer.readRequest();
                peer.write(WITHOUT_LENGTH);
                peer.cut();
              });
      assertThat(loops.get(pool(terms(Optional.empty()), origin.address())).outcome())
          .isEqualTo("CLOSED_IN_RESPONSE");
      Patience.until("told", () -> told.closes, List.of(How.TRUNCATED)::equals);
    }

    @Test
    void ofOursIsTold() throws IOException {
      ScriptedOrigin origin = answering(TlsSide.of(SERVER));
      UpstreamPool pool = pool(terms(Optional.empty()), origin.address());
      loops.get(pool);
      Patience.until("told", () -> told.closes, List.of(How.CLOSE_NOTIFY)::equals);
    }
  }

  @Nested
  class WhatIsNotTls {
    @Test
    void isNeverTakenForAnAnswer() throws IOException {
      ScriptedOrigin origin = scene.playing(peer -> peer.write(OK).readUntilClosed());
      UpstreamPool pool = pool(terms(Optional.empty()), origin.address());
      assertThat(loops.get(pool).outcome()).isEqualTo("TLS_HANDSHAKE_FAILED");
      assertThat(error(pool)).isEqualTo("tls_handshake_failed: the server does not speak TLS");
    }

    static Stream<Arguments> injected() {
      return Stream.of(
          Arguments.of("an answer of HTTP/1.1", OK.getBytes(ISO_8859_1)),
          Arguments.of("settings of HTTP/2", new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0}),
          Arguments.of("a record of content", record(23, OK)),
          Arguments.of("an end", record(21, "\1\0")));
    }

    private static byte[] record(int type, String content) {
      ByteBuffer record = ByteBuffer.allocate(5 + content.length());
      record.put((byte) type).put((byte) 3).put((byte) 3).putShort((short) content.length());
      return record.put(content.getBytes(ISO_8859_1)).array();
    }

    /** Whoever stands between could have put it there (CVE-2026-1642). */
    @ParameterizedTest(name = "{0}")
    @MethodSource("injected")
    void isNoAnswerEvenIfTlsFollows(String what, byte[] before) throws IOException {
      List<String> heard = new CopyOnWriteArrayList<>();
      try (ByteOrigin origin =
          ByteOrigin.start(
              peer -> {
                peer.getOutputStream().write(before);
                var secured = TlsSide.of(SERVER).accept(peer);
                heard.add(new String(secured.getInputStream().readAllBytes(), ISO_8859_1));
              })) {
        UpstreamPool pool = pool(terms(Optional.empty()), origin.address());
        assertThat(loops.get(pool).outcome()).isEqualTo("TLS_HANDSHAKE_FAILED");
        loops.awaitRest(pool, 0);
        Patience.until("the server sees the end", () -> origin.open() == 0);
        assertThat(heard).as("requests that reached the server").isEmpty();
      }
    }

    @Test
    void isNotWaitedForLongerThanConnectingMayTake() throws IOException {
      ScriptedOrigin origin = scene.playing(peer -> peer.await(latch));
      UpstreamPool pool = pool(terms(Optional.empty()), Duration.ofMillis(300), origin.address());
      assertThat(loops.get(pool).outcome()).isEqualTo("CONNECT_TIMEOUT");
      assertThat(error(pool)).isEqualTo("cannot connect: the TLS handshake took too long");
      Patience.until("told", () -> told.handshakes, List.of("timeout full")::equals);
      loops.awaitRest(pool, 0);
    }

    @Test
    void isNotMadeOfAServerThatClosesAtOnce() throws IOException {
      ScriptedOrigin origin = scene.playing(ScriptedOrigin.Peer::close);
      UpstreamPool pool = pool(terms(Optional.empty()), origin.address());
      assertThat(loops.get(pool).outcome()).isEqualTo("TLS_HANDSHAKE_FAILED");
    }
  }
}
