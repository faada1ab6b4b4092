package io.lockgate.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.listen.HelloBytes;
import io.lockgate.tls.ClientHello.NameKind;
import io.lockgate.tls.ClientHello.ResumptionOffer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientHelloReaderTest {
  private static final byte[] HELLO = HelloBytes.tls13("WWW.Example.com");

  private static HelloReading read(byte[] bytes) {
    return new ClientHelloReader().read(Unpooled.wrappedBuffer(bytes));
  }

  private static ClientHello complete(HelloReading reading) {
    assertThat(reading).isInstanceOf(HelloReading.Complete.class);
    return ((HelloReading.Complete) reading).hello();
  }

  private static HandshakeFailure failed(HelloReading reading) {
    assertThat(reading).isInstanceOf(HelloReading.Failed.class);
    return ((HelloReading.Failed) reading).failure();
  }

  @Test
  void readsEveryOffer() {
    ClientHello hello = complete(read(HelloBytes.record(HELLO)));
    assertThat(hello.legacyVersion()).isEqualTo(0x0303);
    assertThat(hello.supportedVersions()).hasToString("2a2a 0304 0303");
    assertThat(hello.cipherSuites()).hasToString("3a3a 1301 1302 c02b");
    assertThat(hello.groups()).hasToString("1a1a 001d 0017");
    assertThat(hello.keyShares()).hasToString("001d");
    assertThat(hello.signatureAlgorithms()).hasToString("0403 0804 0401");
    assertThat(hello.alpn()).containsExactly("h2", "http/1.1");
    assertThat(hello.serverName()).isEqualTo("www.example.com");
    assertThat(hello.nameKind()).isEqualTo(NameKind.HOST);
    assertThat(hello.resumption()).isEqualTo(ResumptionOffer.NONE);
    assertThat(hello.extensions()).hasToString("0a0a 0000 000a 000d 0010 002b 0033");
    assertThat(hello.length()).isEqualTo(HELLO.length);
  }

  @Test
  void readsAHelloWithoutExtensions() {
    byte[] body =
        HelloBytes.join(
            new byte[] {3, 3},
            new byte[33],
            HelloBytes.vector16(new byte[] {0, 47}),
            new byte[] {1, 0});
    byte[] message = HelloBytes.join(new byte[] {1, 0}, HelloBytes.vector16(body));
    ClientHello hello = complete(read(HelloBytes.record(message)));
    assertThat(hello.nameKind()).isEqualTo(NameKind.ABSENT);
    assertThat(hello.offersVersion(ClientHello.TLS_1_2)).isTrue();
    assertThat(hello.offersVersion(ClientHello.TLS_1_3)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 7, 100, 1000})
  void readsTheSameFromRecordsOfAnySize(int fragment) {
    assertThat(complete(read(HelloBytes.records(HELLO, fragment))).extensions())
        .hasToString("0a0a 0000 000a 000d 0010 002b 0033");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 1 << 14})
  void asksForMoreUntilTheLastByteHasCome(int fragment) {
    byte[] bytes = HelloBytes.records(HELLO, fragment);
    ByteBuf received = Unpooled.buffer();
    received.writeBytes(new byte[7]).skipBytes(7);
    ClientHelloReader reader = new ClientHelloReader();
    for (int i = 0; i < bytes.length - 1; i++) {
      received.writeByte(bytes[i]);
      assertThat(reader.read(received)).isInstanceOf(HelloReading.NeedMore.class);
    }
    received.writeByte(bytes[bytes.length - 1]);
    assertThat(complete(reader.read(received)).serverName()).isEqualTo("www.example.com");
    assertThat(received.readableBytes()).as("nothing is consumed").isEqualTo(bytes.length);
  }

  @Test
  void readsAHelloOf16KiBAndNoneThatIsLonger() {
    int rest = HelloBytes.tls13("a", 1).length - 1;
    byte[] longest = HelloBytes.tls13("a", 4 + ClientHelloReader.MAX_MESSAGE - rest);
    assertThat(complete(read(HelloBytes.records(longest, 1 << 14))).length())
        .isEqualTo(4 + ClientHelloReader.MAX_MESSAGE);
    byte[] tooLong = HelloBytes.tls13("a", 5 + ClientHelloReader.MAX_MESSAGE - rest);
    assertThat(failed(read(HelloBytes.records(tooLong, 1 << 14))))
        .isEqualTo(HandshakeFailure.MALFORMED);
  }

  @Nested
  class WhenTheBytesAreNoHello {
    static Stream<Arguments> bytes() {
      return Stream.of(
          Arguments.of("HTTP", "474554202f20", HandshakeFailure.NOT_TLS),
          Arguments.of("HTTP, first byte only", "47", HandshakeFailure.NOT_TLS),
          Arguments.of("SSH", "5353482d322e30", HandshakeFailure.NOT_TLS),
          Arguments.of("zeros", "0000000000", HandshakeFailure.NOT_TLS),
          Arguments.of("an alert", "15030100020100", HandshakeFailure.NOT_TLS),
          Arguments.of("a version that never was", "1604010005", HandshakeFailure.NOT_TLS),
          Arguments.of(
              "SSL 2.0 (RFC 6101 appendix E)", "802e010002", HandshakeFailure.PROTOCOL_VERSION),
          Arguments.of("SSL 2.0 that offers more", "802e010301", HandshakeFailure.PROTOCOL_VERSION),
          Arguments.of("high bit", "ff00112233", HandshakeFailure.NOT_TLS),
          Arguments.of("an empty record (RFC 8446 5.1)", "1603010000", HandshakeFailure.MALFORMED),
          Arguments.of("a record of 16385 bytes", "1603014001", HandshakeFailure.MALFORMED),
          Arguments.of("a ServerHello", "160301000402000000", HandshakeFailure.MALFORMED),
          Arguments.of("a message of 16 MiB", "160301000401ffffff", HandshakeFailure.MALFORMED),
          Arguments.of(
              "another record between", "1603010001011403010001", HandshakeFailure.MALFORMED));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bytes")
    void saysSoAsSoonAsItIsCertain(String what, String hex, HandshakeFailure failure) {
      assertThat(failed(read(HexFormat.of().parseHex(hex)))).as(what).isEqualTo(failure);
    }

    @Test
    void refusesSsl3() {
      byte[] message = HelloBytes.hello(0x0300, new byte[] {0, 47}, new byte[0]);
      assertThat(failed(read(HelloBytes.record(message))))
          .isEqualTo(HandshakeFailure.PROTOCOL_VERSION);
    }

    @Test
    void stopsGatheringCrumbs() {
      byte[] message = HelloBytes.tls13("a", 10_000);
      assertThat(failed(read(HelloBytes.records(message, 1))))
          .isEqualTo(HandshakeFailure.MALFORMED);
    }
  }

  @Nested
  class WhenLengthsLie {
    @Test
    void neverReadsBeyondTheMessage() {
      for (int length = 0; length < HELLO.length - 4; length++) {
        byte[] cut = Arrays.copyOf(HELLO, 4 + length);
        cut[2] = (byte) (length >> 8);
        cut[3] = (byte) length;
        HelloReading reading = read(HelloBytes.record(cut));
        assertThat(reading).as("cut to %d", length).isNotInstanceOf(HelloReading.NeedMore.class);
      }
    }

    @Test
    void survivesBytesChangedAtRandom() {
      Random random = new Random(1);
      for (int round = 0; round < 20_000; round++) {
        byte[] message = HELLO.clone();
        for (int changes = 0; changes <= random.nextInt(4); changes++) {
          message[random.nextInt(message.length)] = (byte) random.nextInt(256);
        }
        assertThat(read(HelloBytes.record(message))).isNotNull();
      }
    }

    static Stream<byte[]> extensions() {
      byte[] groups = HelloBytes.extension(10, (byte) 0, (byte) 2, (byte) 0, (byte) 29);
      return Stream.of(
          HelloBytes.join(groups, groups),
          HelloBytes.join(
              HelloBytes.extension(0xff01, (byte) 0),
              groups,
              HelloBytes.extension(0xff01, (byte) 0)),
          HelloBytes.join(HelloBytes.extension(0x2a2a), HelloBytes.extension(0x2a2a)),
          HelloBytes.extension(10, (byte) 0, (byte) 3, (byte) 0, (byte) 29, (byte) 0),
          HelloBytes.extension(10, (byte) 0, (byte) 4, (byte) 0, (byte) 29),
          HelloBytes.extension(10, (byte) 0, (byte) 2, (byte) 0, (byte) 29, (byte) 0),
          HelloBytes.extension(16, (byte) 0, (byte) 1, (byte) 0),
          HelloBytes.extension(0),
          HelloBytes.extension(0, (byte) 0, (byte) 3, (byte) 0, (byte) 0, (byte) 0),
          HelloBytes.extension(43, (byte) 1, (byte) 3));
    }

    @ParameterizedTest
    @MethodSource("extensions")
    void refusesExtensionsThatDoNotAddUp(byte[] extensions) {
      byte[] message = HelloBytes.hello(0x0303, new byte[] {0x13, 1}, extensions);
      assertThat(failed(read(HelloBytes.record(message)))).isEqualTo(HandshakeFailure.MALFORMED);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "A.EXAMPLE, a.example, HOST",
    "a.example., a.example, HOST",
    "xn--bcher-kva.example, xn--bcher-kva.example, HOST",
    "_sip.example, _sip.example, HOST",
    "localhost, localhost, HOST",
    "127.0.0.1, 127.0.0.1, IP_LITERAL",
    "::1, ::1, IP_LITERAL",
    "fe80::1:2, fe80::1:2, IP_LITERAL",
    "a..b, '', INVALID",
    ".a, '', INVALID",
    "., '', INVALID",
    "a b, '', INVALID",
    "a:443, '', INVALID",
    "*.example, '', INVALID",
    "a/b, '', INVALID",
    "büch.er, '', INVALID"
  })
  void normalisesServerNames(String sent, String expected, NameKind kind) {
    byte[] message =
        HelloBytes.hello(
            0x0303, new byte[] {0x13, 1}, HelloBytes.extension(0, HelloBytes.sni(sent)));
    ClientHello hello = complete(read(HelloBytes.record(message)));
    assertThat(hello.serverName()).isEqualTo(expected);
    assertThat(hello.nameKind()).isEqualTo(kind);
  }

  @Test
  void takesNoNameOfMoreThan253BytesOrLabelOfMoreThan63() {
    String label = "a".repeat(63);
    for (String sent : List.of(label + "a.b", (label + ".").repeat(4) + "b")) {
      byte[] message =
          HelloBytes.hello(
              0x0303, new byte[] {0x13, 1}, HelloBytes.extension(0, HelloBytes.sni(sent)));
      assertThat(complete(read(HelloBytes.record(message))).nameKind()).isEqualTo(NameKind.INVALID);
    }
  }

  @Test
  void seesWhatIsBroughtForResumption() {
    byte[] ticket = HelloBytes.extension(35, (byte) 1);
    byte[] psk = HelloBytes.extension(41, (byte) 1);
    assertThat(resumption(ticket)).isEqualTo(ResumptionOffer.TICKET);
    assertThat(resumption(HelloBytes.extension(35))).isEqualTo(ResumptionOffer.NONE);
    assertThat(resumption(HelloBytes.join(ticket, psk))).isEqualTo(ResumptionOffer.PSK);
  }

  private static ResumptionOffer resumption(byte[] extensions) {
    byte[] message = HelloBytes.hello(0x0303, new byte[] {0x13, 1}, extensions);
    return complete(read(HelloBytes.record(message))).resumption();
  }
}
