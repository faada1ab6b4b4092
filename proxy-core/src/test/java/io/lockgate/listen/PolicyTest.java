package io.lockgate.listen;

import static io.lockgate.tls.RecordingTlsListener.next;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.config.model.TlsPolicy;
import io.lockgate.config.model.TlsPolicy.TlsVersion;
import io.lockgate.listen.TlsServer.Host;
import io.lockgate.testkit.Patience;
import io.lockgate.testkit.TestCa;
import io.lockgate.tls.HandshakeFailure;
import io.lockgate.tls.TlsFacts;
import io.lockgate.tls.TlsFacts.Resumption;
import io.lockgate.tls.TlsFixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is negotiated with real clients, host by host. */
class PolicyTest {
  private static final TestCa CA = TestCa.root();

  @TempDir Path directory;

  private static Host host(
      String name, TlsVersion least, TlsVersion most, String cipher, List<String> groups) {
    TlsPolicy policy =
        new TlsPolicy(name, least, most, List.of(cipher), groups, TlsFixtures.SIGNATURES, Set.of());
    return new Host(name, List.of(TlsFixtures.ecdsa(CA, name)), TlsFixtures.terms(policy, name));
  }

  private static final Host NEW =
      host(
          "new.example",
          TlsVersion.TLS_1_3,
          TlsVersion.TLS_1_3,
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          List.of("X25519"));
  private static final Host OLD =
      host(
          "old.example",
          TlsVersion.TLS_1_2,
          TlsVersion.TLS_1_2,
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          List.of("P-256"));
  private static final Host WIDE =
      host(
          "wide.example",
          TlsVersion.TLS_1_2,
          TlsVersion.TLS_1_3,
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          List.of("P-384", "X25519"));

  /**
   * One row: what a client that offers this gets at a host.
   *
   * @param expected version, cipher suite and group, or why it fails
   */
  private record Row(Host host, String options, String expected) {
    @Override
    public String toString() {
      return host.label() + " asked with " + options;
    }
  }

  private static final String AES_128 = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
  private static final String AES_256 = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";
  private static final List<Row> ROWS =
      List.of(
          new Row(
              NEW,
              "-groups X25519:P-256 -ciphersuites TLS_AES_128_GCM_SHA256",
              "TLSv1.3 TLS_AES_128_GCM_SHA256 X25519"),
          new Row(NEW, "-groups P-256:P-384", "NO_SHARED_GROUP"),
          new Row(NEW, "-tls1_2", "PROTOCOL_VERSION"),
          new Row(OLD, "-groups X25519:P-256", "TLSv1.2 " + AES_256 + " P-256"),
          new Row(OLD, "-groups X25519", "NO_SHARED_GROUP"),
          new Row(OLD, "-tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256", "CIPHER_MISMATCH"),
          new Row(OLD, "-tls1_3", "PROTOCOL_VERSION"),
          new Row(WIDE, "-tls1_2 -groups X25519:P-384:P-256", "TLSv1.2 " + AES_128 + " P-384"),
          new Row(WIDE, "-tls1_2 -groups X25519:P-256", "TLSv1.2 " + AES_128 + " X25519"),
          new Row(WIDE, "-tls1_2 -cipher ECDHE-ECDSA-AES256-GCM-SHA384", "CIPHER_MISMATCH"),
          new Row(
              WIDE,
              "-groups X25519:P-384 -ciphersuites TLS_AES_128_GCM_SHA256",
              "TLSv1.3 TLS_AES_128_GCM_SHA256 P-384"),
          new Row(WIDE, "-groups P-256", "NO_SHARED_GROUP"));

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void eachHostEnforcesItsOwnWhicheverIsAskedFirst(boolean reversed) throws Exception {
    List<Row> rows = new ArrayList<>(ROWS);
    if (reversed) {
      Collections.reverse(rows);
    }
    try (TlsServer server = new TlsServer(NEW, OLD, WIDE)) {
      for (Row row : rows) {
        Path session = directory.resolve("session.pem");
        Files.deleteIfExists(session);
        assertThat(negotiated(server, row, "-sess_out", session.toString()))
            .as(row.toString())
            .isEqualTo(row.expected);
        if (row.expected.startsWith("TLS")) {
          // A session brings its own version and suite: they have to be the policy's still.
          assertThat(negotiated(server, row, "-sess_in", session.toString()))
              .as("again, resumed: %s", row)
              .startsWith(row.expected.substring(0, row.expected.lastIndexOf(' ')));
        }
      }
    }
  }

  /** No session of any host is of use at another, nor does it soften what the other demands. */
  @Test
  void noSessionOfAnotherHostChangesWhatIsEnforced() throws Exception {
    try (TlsServer server = new TlsServer(NEW, OLD, WIDE)) {
      for (Host from : List.of(NEW, OLD, WIDE)) {
        Path session = directory.resolve(from.label());
        OpenSslClient.connect(
            server.address(),
            from.label(),
            "-sess_out",
            session.toString(),
            "-ciphersuites",
            "TLS_AES_128_GCM_SHA256");
        next(server.events.succeeded);
        for (Row row : ROWS) {
          if (!row.host.equals(from) && sameVersion(row, from)) {
            assertThat(negotiated(server, row, "-sess_in", session.toString()))
                .as("%s with a session of %s", row, from.label())
                .isEqualTo(row.expected);
            assertThat(lastResumption).isEqualTo(Resumption.FULL);
          }
        }
      }
    }
  }

  /** openssl itself refuses to bring a session of a version that it is not to speak. */
  private static boolean sameVersion(Row row, Host from) {
    boolean old = row.options.contains("-tls1_2");
    boolean only13 = row.options.contains("-tls1_3");
    return !(old && !from.equals(OLD)) && !(only13 && from.equals(OLD));
  }

  private Resumption lastResumption = Resumption.FULL;

  private String negotiated(TlsServer server, Row row, String... more) throws Exception {
    List<String> options = new ArrayList<>(Arrays.asList(row.options.split(" ", -1)));
    options.addAll(List.of(more));
    OpenSslClient.Result result =
        OpenSslClient.connect(server.address(), row.host.label(), options.toArray(String[]::new));
    return Patience.until(
            "the handshake's end is told; openssl said " + result.output(),
            () -> told(server),
            Optional::isPresent)
        .get();
  }

  private Optional<String> told(TlsServer server) {
    TlsFacts facts = server.events.succeeded.poll();
    if (facts != null) {
      lastResumption = facts.resumption();
      return Optional.of(facts.version() + " " + facts.cipher() + " " + facts.group());
    }
    return Optional.ofNullable(server.events.failed.poll()).map(failed -> failed.failure().name());
  }

  @Nested
  class ThePostQuantumGroup {
    private static final int SERVER_HELLO = 2;

    /** Of a ServerHello that is a HelloRetryRequest (RFC 8446 section 4.1.3). */
    private static final String RETRY =
        "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c";

    @Test
    void costsAClientWithoutItNoRoundTrip() throws Exception {
      try (TlsServer server = new TlsServer(Host.usual(CA, "a.example"))) {
        byte[] answer =
            TlsClient.rawPrefix(
                server.address(), 200, HelloBytes.record(HelloBytes.tls13("a.example")));
        assertThat(answer[5]).isEqualTo((byte) SERVER_HELLO);
        String hex = HexFormat.of().formatHex(answer);
        assertThat(hex.substring(22, 86)).as("the random").isNotEqualTo(RETRY);
        assertThat(hex).as("a share of X25519").contains("00330024001d0020");
      }
    }

    @ParameterizedTest
    @CsvSource({"X25519:P-256, X25519", "X25519:P-384:P-256, X25519"})
    void isNotMissedByOpensslThree(String groups, String expected) throws Exception {
      try (TlsServer server = new TlsServer(Host.usual(CA, "a.example"))) {
        OpenSslClient.Result result =
            OpenSslClient.connect(
                server.address(), "a.example", "-tls1_3", "-msg", "-groups", groups);
        assertThat(next(server.events.succeeded).group()).isEqualTo(expected);
        assertThat(result.output().split(", ClientHello", -1)).as("one ClientHello").hasSize(2);
      }
    }

    /** The library asks once more, as the group comes first in the policy. */
    @Test
    void isAskedForWhereTheClientKnowsItAndSentAnotherShare() throws Exception {
      byte[] share = new byte[32];
      Arrays.fill(share, (byte) 9);
      byte[] extensions =
          HelloBytes.join(
              HelloBytes.extension(0, HelloBytes.sni("a.example")),
              HelloBytes.extension(
                  10, HelloBytes.vector16(new byte[] {0x11, (byte) 0xec, 0, 0x1d})),
              HelloBytes.extension(13, HelloBytes.vector16(new byte[] {4, 3})),
              HelloBytes.extension(43, (byte) 2, (byte) 3, (byte) 4),
              HelloBytes.extension(
                  51,
                  HelloBytes.vector16(
                      HelloBytes.join(new byte[] {0, 0x1d}, HelloBytes.vector16(share)))));
      byte[] hello = HelloBytes.hello(0x0303, new byte[] {0x13, 1}, extensions);
      try (TlsServer server = new TlsServer(Host.usual(CA, "a.example"))) {
        byte[] answer = TlsClient.rawPrefix(server.address(), 60, HelloBytes.record(hello));
        assertThat(HexFormat.of().formatHex(answer).substring(22, 86)).isEqualTo(RETRY);
      }
    }
  }

  @Nested
  class WhatDoesNotExist {
    @Test
    void renegotiationByOpenssl() throws Exception {
      try (TlsServer server = new TlsServer(Host.usual(CA, "a.example"))) {
        OpenSslClient.Result result =
            OpenSslClient.talk(server.address(), "a.example", "R", "-tls1_2");
        assertThat(result.output()).contains("RENEGOTIATING").contains("no renegotiation");
        next(server.events.succeeded);
        server.settle();
        assertThat(server.events.succeeded).isEmpty();
      }
    }

    @Test
    void renegotiationByJava() throws Exception {
      try (TlsServer server = new TlsServer(Host.usual(CA, "a.example"));
          SSLSocket socket =
              new TlsClient(CA.certificate()).connect(server.address(), "a.example", "TLSv1.2")) {
        TlsClient.exchange(socket);
        next(server.events.succeeded);
        org.assertj.core.api.Assertions.assertThatThrownBy(
                () -> {
                  socket.getSession().invalidate();
                  socket.startHandshake();
                  TlsClient.exchange(socket);
                })
            .isInstanceOf(IOException.class);
        server.settle();
        assertThat(server.events.succeeded).isEmpty();
      }
    }

    @Test
    void compression() throws Exception {
      try (TlsServer server = new TlsServer(Host.usual(CA, "a.example"))) {
        OpenSslClient.Result result =
            OpenSslClient.connect(server.address(), "a.example", "-tls1_2", "-comp");
        next(server.events.succeeded);
        assertThat(result.output()).contains("Compression: NONE");
      }
    }

    @ParameterizedTest
    @CsvSource({"0300, 0300", "0300, 0301", "0301, 0301", "0301, 0302", "0303, 0301"})
    void whatCameBeforeTls12(String recordVersion, String helloVersion) throws Exception {
      byte[] hello =
          HelloBytes.hello(
              Integer.parseInt(helloVersion, 16),
              new byte[] {(byte) 0xc0, 0x2b, (byte) 0xc0, 9},
              HelloBytes.join(
                  HelloBytes.extension(0, HelloBytes.sni("a.example")),
                  HelloBytes.extension(10, HelloBytes.vector16(new byte[] {0, 0x17})),
                  HelloBytes.extension(13, HelloBytes.vector16(new byte[] {4, 3}))));
      byte[] record = HelloBytes.record(hello);
      System.arraycopy(HexFormat.of().parseHex(recordVersion), 0, record, 1, 2);
      try (TlsServer server = new TlsServer(Host.usual(CA, "a.example"))) {
        assertThat(TlsClient.raw(server.address(), record)).containsExactly(21, 3, 3, 0, 2, 2, 70);
        assertThat(next(server.events.failed).failure())
            .isEqualTo(HandshakeFailure.PROTOCOL_VERSION);
      }
    }
  }
}
