package io.lockgate.listen;

import static io.lockgate.tls.RecordingTlsListener.next;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.listen.TlsServer.Host;
import io.lockgate.testkit.Patience;
import io.lockgate.testkit.TestCa;
import io.lockgate.tls.HandshakeFailure;
import io.lockgate.tls.RecordingTlsListener.Failed;
import io.lockgate.tls.TlsFixtures;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients send that mean no good: each ends with a reason, and others are served. */
class HostileTlsTest {
  private static final TestCa CA = TestCa.root();
  private static final byte[] HELLO_13 = HelloBytes.record(HelloBytes.tls13("a.example"));
  private static final byte[] HELLO_12 = HelloBytes.record(hello12("a.example"));
  private static final int ALERT = 21;

  private static TlsServer server;
  private static TlsClient good;

  @BeforeAll
  static void start() throws Exception {
    Host host =
        new Host(
            "a.example",
            List.of(TlsFixtures.ecdsa(CA, "a.example")),
            TlsFixtures.terms(TlsFixtures.INTERMEDIATE));
    server = new TlsServer(10, Duration.ofSeconds(2), host);
    good = new TlsClient(CA.certificate());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** A good client is served after each, and nothing is left of those before. */
  @AfterEach
  void nothingIsLeft() throws Exception {
    good.visit(server.address(), "a.example");
    next(server.events.succeeded);
    Patience.until("no connection is left", () -> server.connections() == 0);
    assertThat(server.gate.inProgress).hasValue(0);
    server.gate.resumed.clear();
    assertThat(server.events.failed).as("told once").isEmpty();
    server.events.closed.clear();
  }

  private static byte[] hello12(String name) {
    return HelloBytes.hello(
        0x0303,
        new byte[] {(byte) 0xc0, 0x2b},
        HelloBytes.join(
            HelloBytes.extension(0, HelloBytes.sni(name)),
            HelloBytes.extension(10, HelloBytes.vector16(new byte[] {0, 0x1d, 0, 0x17})),
            HelloBytes.extension(13, HelloBytes.vector16(new byte[] {4, 3, 8, 4, 4, 1}))));
  }

  private static byte[] repeated(int times, byte[] part) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < times; i++) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /** What the server says after the client has sent its hello, taken its answer, and sent more. */
  private static byte[] afterHello(byte[] hello, byte[] more) throws IOException {
    try (Socket socket = new Socket(server.address().getAddress(), server.address().getPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(hello);
      assertThat(socket.getInputStream().read()).as("a handshake record").isEqualTo(22);
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      try {
        socket.getOutputStream().write(more);
        socket.getInputStream().transferTo(answer);
      } catch (IOException e) {
        // A reset, for what was sent and not read any more.
      }
      return answer.toByteArray();
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      textBlock =
          """
          a flood of changes of cipher spec,   140303000101,             100, MALFORMED
          a change of cipher spec to nothing,  140303000102,               1, MALFORMED
          empty handshake records,             1603030000,               100, MALFORMED
          empty records of data,               1703030000,               100, MALFORMED
          data that no key was agreed on for,  1703030014aabbccddeeff00112233445566778899aabbccdd, 1, MALFORMED
          a flood of warnings,                 15030300020164,           100, CLIENT_REJECTED_CERTIFICATE
          an alert of no such kind of cause,   15030300020230,             1, CLIENT_REJECTED_CERTIFICATE
          a message in clear,                  16030300051800000100,       1, MALFORMED
          a heartbeat,                         1803030003014000,           1, MALFORMED
          plain HTTP,                          474554202f20485454502f312e310d0a0d0a, 1, MALFORMED
          a record longer than any may be,     1703037fff,                 1, TIMEOUT
          bytes of no protocol,                99010203040506070809,       1, TIMEOUT
          """)
  void inAHandshakeOfTls13(String what, String octets, int times, HandshakeFailure failure)
      throws Exception {
    byte[] more = repeated(times, HexFormat.of().parseHex(octets));
    assertThat(afterHello(HELLO_13, more)).isNotEmpty();
    assertThat(next(server.events.failed)).as(what).returns(failure, Failed::failure);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      textBlock =
          """
          a flood of changes of cipher spec,   140303000101,             100, MALFORMED,      10
          empty handshake records,             1603030000,               100, MALFORMED,      -1
          data before there are keys,          1703030003616263,           1, MALFORMED,      10
          a flood of warnings,                 15030300020164,           100, MALFORMED,      10
          half an alert,                       150303000102,               1, MALFORMED,      50
          an orderly end,                      15030300020100,             1, CLIENT_CLOSED,  -1
          a certificate it does not like,      15030300020230,             1, CLIENT_REJECTED_CERTIFICATE, -1
          a second hello in the wrong place,   160303000401000000,         1, MALFORMED,      10
          a message of 16 MiB,                 160303000710ffffff010203,   1, MALFORMED,      47
          a key share of no curve,             16030300061000000201ff,     1, MALFORMED,      47
          plain HTTP,                          474554202f20485454502f312e310d0a0d0a, 1, MALFORMED, -1
          a record of no version,              1609090003aabbcc,           1, TIMEOUT,        -1
          """)
  void inAHandshakeOfTls12(
      String what, String octets, int times, HandshakeFailure failure, int alert) throws Exception {
    byte[] answer = afterHello(HELLO_12, repeated(times, HexFormat.of().parseHex(octets)));
    Failed failed = next(server.events.failed);
    assertThat(failed).as(what + ": " + failed).returns(failure, Failed::failure);
    if (alert >= 0 && answer[answer.length - 7] == ALERT) {
      assertThat(answer[answer.length - 1]).as("of the alert").isEqualTo((byte) alert);
    }
  }

  @Test
  void anEndOfTheClientsHalfInTheMiddleEndsTheConnectionAtOnce() throws Exception {
    try (Socket socket = new Socket(server.address().getAddress(), server.address().getPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(HELLO_13);
      assertThat(socket.getInputStream().read()).isEqualTo(22);
      socket.shutdownOutput();

      assertThat(next(server.events.failed).failure()).isEqualTo(HandshakeFailure.CLIENT_CLOSED);
      Patience.until("it is closed", () -> server.connections() == 0);
    }
  }

  /** RFC 5746 section 4.5. */
  @Test
  void renegotiationIsRefused() throws Exception {
    String result = OpenSslClient.command(server.address(), "a.example", "R", "-tls1_2");

    assertThat(next(server.events.succeeded).host()).isEqualTo("a.example");
    assertThat(result).containsIgnoringCase("alert no renegotiation");
    next(server.events.closed);
  }

  /** The alert may be lost to the client, which goes on sending as the connection is closed. */
  @ParameterizedTest
  @ValueSource(strings = {"K", "k"})
  void keysAreNotUpdatedWithoutEnd(String command) throws Exception {
    OpenSslClient.command(server.address(), "a.example", command, "-tls1_3");

    assertThat(next(server.events.succeeded).host()).isEqualTo("a.example");
    next(server.events.closed);
  }
}
