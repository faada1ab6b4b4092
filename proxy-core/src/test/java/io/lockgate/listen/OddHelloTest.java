package io.lockgate.listen;

import static io.lockgate.tls.RecordingTlsListener.next;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.listen.TlsServer.Host;
import io.lockgate.testkit.TestCa;
import io.lockgate.tls.HandshakeFailure;
import io.lockgate.tls.TlsFixtures;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** ClientHellos of all kinds on the wire: each gets a ServerHello or one clean alert. */
class OddHelloTest {
  private static final TestCa CA = TestCa.root();
  private static final byte[] SUITES = {0x13, 1, (byte) 0xc0, 0x2b};

  private static byte[] name(String name) {
    return HelloBytes.extension(0, HelloBytes.sni(name));
  }

  /** What a client of TLS 1.3 offers beside its server name. */
  private static byte[] rest() {
    byte[] share = new byte[32];
    Arrays.fill(share, (byte) 9);
    return HelloBytes.join(
        HelloBytes.extension(10, HelloBytes.vector16(new byte[] {0, 0x1d})),
        HelloBytes.extension(13, HelloBytes.vector16(new byte[] {4, 3})),
        HelloBytes.extension(43, (byte) 2, (byte) 3, (byte) 4),
        HelloBytes.extension(
            51,
            HelloBytes.vector16(
                HelloBytes.join(new byte[] {0, 0x1d}, HelloBytes.vector16(share)))));
  }

  private static byte[] hello(byte[]... extensions) {
    return HelloBytes.hello(0x0303, SUITES, HelloBytes.join(HelloBytes.join(extensions), rest()));
  }

  /** With a wrong length of its own, so that bytes are left after the extensions. */
  private static byte[] withBytesToSpare(byte[] hello) {
    byte[] longer = Arrays.copyOf(hello, hello.length + 3);
    int length = longer.length - 4;
    longer[2] = (byte) (length >> 8);
    longer[3] = (byte) length;
    return longer;
  }

  private static byte[] compressing(int... methods) {
    byte[] plain = hello(name("a.example"));
    int at = 4 + 2 + 32 + 1 + 2 + SUITES.length;
    byte[] list = new byte[1 + methods.length];
    list[0] = (byte) methods.length;
    for (int i = 0; i < methods.length; i++) {
      list[1 + i] = (byte) methods[i];
    }
    byte[] body =
        HelloBytes.join(
            Arrays.copyOfRange(plain, 4, at),
            list,
            Arrays.copyOfRange(plain, at + 2, plain.length));
    return HelloBytes.join(new byte[] {1, 0}, HelloBytes.vector16(body));
  }

  private static byte[] record(byte[] message) {
    return HelloBytes.record(message);
  }

  private static Arguments served(String what, byte[] bytes) {
    return Arguments.of(what, bytes);
  }

  static Stream<Arguments> hellos() {
    return Stream.of(
        served("plain", record(hello(name("a.example")))),
        served("upper case", record(hello(name("A.EXAMPLE")))),
        served("a dot at the end", record(hello(name("a.example.")))),
        served("GREASE (RFC 8701)", record(HelloBytes.tls13("a.example"))),
        served(
            "two GREASE extensions",
            record(
                hello(
                    HelloBytes.extension(0x1a1a),
                    name("a.example"),
                    HelloBytes.extension(0xfafa, (byte) 0)))),
        served(
            "unknown extensions",
            record(hello(name("a.example"), HelloBytes.extension(0x7777, new byte[500])))),
        served("16 KiB", HelloBytes.records(hello(name("a.example"), padding(16_384)), 1 << 14)),
        served(
            "16 KiB in records of 1 KiB",
            HelloBytes.records(hello(name("a.example"), padding(16_384)), 1024)),
        served("records of a byte", HelloBytes.records(hello(name("a.example")), 1)));
  }

  /** As many bytes as make a message of the given length, its header not counted. */
  private static byte[] padding(int length) {
    int without = hello(name("a.example"), HelloBytes.extension(21)).length - 4;
    return HelloBytes.extension(21, new byte[length - without]);
  }

  private static Host host(String name) {
    return new Host(
        name, List.of(TlsFixtures.ecdsa(CA, name)), TlsFixtures.terms(TlsFixtures.INTERMEDIATE));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("hellos")
  void getsAServerHello(String what, byte[] bytes) throws Exception {
    try (TlsServer server = new TlsServer(host("a.example"))) {
      byte[] answer = TlsClient.rawPrefix(server.address(), 6, bytes);
      assertThat(answer).as(what).startsWith(22, 3, 3).endsWith(2);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("hellos")
  void getsAServerHelloInSegmentsOfAnySize(String what, byte[] bytes) throws Exception {
    int size = bytes.length > 1000 ? 997 : 13;
    byte[][] segments = new byte[(bytes.length + size - 1) / size][];
    for (int i = 0; i < segments.length; i++) {
      segments[i] = Arrays.copyOfRange(bytes, i * size, Math.min(bytes.length, (i + 1) * size));
    }
    try (TlsServer server = new TlsServer(host("a.example"))) {
      byte[] answer = TlsClient.rawPrefix(server.address(), 6, segments);
      assertThat(answer).as(what).startsWith(22, 3, 3).endsWith(2);
    }
  }

  private static Arguments refused(String what, byte[] bytes, int alert, HandshakeFailure failure) {
    return Arguments.of(what, bytes, alert, failure);
  }

  static Stream<Arguments> refusals() {
    byte[] good = hello(name("a.example"));
    return Stream.of(
        refused("without SNI", record(hello()), 112, HandshakeFailure.UNKNOWN_HOST),
        refused("an address", record(hello(name("127.0.0.1"))), 112, HandshakeFailure.UNKNOWN_HOST),
        refused("IPv6", record(hello(name("::1"))), 112, HandshakeFailure.UNKNOWN_HOST),
        refused("an empty name", record(hello(name(""))), 50, HandshakeFailure.MALFORMED),
        refused(
            "a name of 254 bytes",
            record(hello(name("a.".repeat(123) + "example"))),
            112,
            HandshakeFailure.UNKNOWN_HOST),
        refused(
            "a name of 10,000 bytes",
            record(hello(name("a".repeat(10_000)))),
            112,
            HandshakeFailure.UNKNOWN_HOST),
        refused(
            "a name with a zero byte",
            record(hello(name("a.example\0.b"))),
            112,
            HandshakeFailure.UNKNOWN_HOST),
        refused(
            "two names",
            record(
                hello(
                    HelloBytes.extension(
                        0,
                        HelloBytes.vector16(
                            HelloBytes.join(oneName("a.example"), oneName("b.example")))))),
            50,
            HandshakeFailure.MALFORMED),
        refused(
            "SNI twice",
            record(hello(name("a.example"), name("a.example"))),
            50,
            HandshakeFailure.MALFORMED),
        refused(
            "an unknown extension twice",
            record(
                hello(
                    name("a.example"), HelloBytes.extension(0x7777), HelloBytes.extension(0x7777))),
            50,
            HandshakeFailure.MALFORMED),
        refused(
            "bytes after the extensions",
            record(withBytesToSpare(good)),
            50,
            HandshakeFailure.MALFORMED),
        refused(
            "no compression method but DEFLATE",
            record(compressing(1)),
            47,
            HandshakeFailure.OTHER),
        refused(
            "more than the null compression in TLS 1.3",
            record(compressing(1, 0)),
            47,
            HandshakeFailure.OTHER),
        refused(
            "bytes after the message in its record",
            record(HelloBytes.join(good, new byte[] {1, 2, 3, 4, 5})),
            10,
            HandshakeFailure.MALFORMED),
        refused(
            "a second ClientHello at once",
            record(HelloBytes.join(good, good)),
            10,
            HandshakeFailure.MALFORMED));
  }

  private static byte[] oneName(String name) {
    return HelloBytes.join(
        new byte[] {0},
        HelloBytes.vector16(name.getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refusals")
  void getsOneAlert(String what, byte[] bytes, int alert, HandshakeFailure failure)
      throws Exception {
    try (TlsServer server = new TlsServer(host("a.example"))) {
      byte[] answer = TlsClient.raw(server.address(), bytes);
      assertThat(answer).as(what).hasSize(7).startsWith(21, 3).endsWith(0, 2, 2, alert);
      assertThat(next(server.events.failed).failure()).as(what).isEqualTo(failure);
      server.settle();
      assertThat(server.events.failed).as("told once").isEmpty();
    }
  }
}
