package io.lockgate.proxyprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.proxyprotocol.HeaderReading.Complete;
import io.lockgate.proxyprotocol.HeaderReading.Failed;
import io.lockgate.proxyprotocol.HeaderReading.Fault;
import io.lockgate.proxyprotocol.HeaderReading.NeedMore;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers as haproxy.org's proxy-protocol.txt has them, and everything that only looks so. */
class HeaderReaderTest {
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
  private static final String ADDRESSES_4 = "c0000207 c6336401 d903 01bb";
  private static final String ADDRESSES_6 =
      "20010db8000000000000000000000001 20010db8000000000000000000000002 d903 01bb";

  /** In a row, a bar is a line end as the protocol wants it. */
  private static ByteBuf line(String text) {
    return Unpooled.copiedBuffer(text.replace("|", "\r\n"), StandardCharsets.US_ASCII);
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }

  /** A header of version 2 with the length that belongs to it. */
  private static byte[] binary(String commandAndFamily, String content) {
    byte[] body = hex(content);
    String length = String.format("%04x", body.length);
    return hex(SIGNATURE + commandAndFamily + length + content);
  }

  private static HeaderReading read(byte[] bytes) {
    return HeaderReader.read(Unpooled.wrappedBuffer(bytes));
  }

  private static ProxyHeader header(HeaderReading reading) {
    assertThat(reading).isInstanceOf(Complete.class);
    return ((Complete) reading).header();
  }

  private static String source(ProxyHeader header) {
    return header
        .endpoints()
        .map(e -> e.source().getAddress().getHostAddress() + " " + e.source().getPort())
        .orElse("none");
  }

  @Nested
  class OfVersion1 {
    @ParameterizedTest
    @CsvSource({
      "PROXY TCP4 192.0.2.7 198.51.100.1 55555 443|, 192.0.2.7 55555",
      "PROXY TCP4 255.255.255.255 0.0.0.0 65535 0|, 255.255.255.255 65535",
      "PROXY TCP6 2001:db8::1 ::1 55555 443|, 2001:db8:0:0:0:0:0:1 55555",
      "PROXY TCP6 ::ffff:192.0.2.7 ::1 1 2|, 192.0.2.7 1",
      "PROXY UNKNOWN|, none",
      "PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535|, none"
    })
    void takesWhatIsWrittenAsItHasToBe(String text, String source) {
      ByteBuf bytes = line(text + "GET /");
      HeaderReading reading = HeaderReader.read(bytes);
      assertThat(source(header(reading))).isEqualTo(source);
      assertThat(((Complete) reading).length()).isEqualTo(text.length() + 1);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "PROXY |",
          "PROXY TCP4|",
          "PROXY  TCP4 192.0.2.7 198.51.100.1 55555 443|",
          "PROXY TCP4 192.0.2.7  198.51.100.1 55555 443|",
          "PROXY TCP4 192.0.2.7 198.51.100.1 55555 443 |",
          "PROXY TCP4 192.0.2.7 198.51.100.1 55555|",
          "PROXY TCP4 192.0.2.07 198.51.100.1 55555 443|",
          "PROXY TCP4 192.0.2.256 198.51.100.1 55555 443|",
          "PROXY TCP4 192.0.2 198.51.100.1 55555 443|",
          "PROXY TCP4 2001:db8::1 ::1 55555 443|",
          "PROXY TCP6 192.0.2.7 198.51.100.1 55555 443|",
          "PROXY TCP6 [2001:db8::1] ::1 55555 443|",
          "PROXY TCP6 fe80::1%eth0 ::1 55555 443|",
          "PROXY TCP4 192.0.2.7 198.51.100.1 055 443|",
          "PROXY TCP4 192.0.2.7 198.51.100.1 65536 443|",
          "PROXY TCP4 192.0.2.7 198.51.100.1 +5 443|",
          "PROXY TCP4 192.0.2.7 198.51.100.1 -1 443|",
          "PROXY TCP4 192.0.2.7 198.51.100.1 5 |",
          "PROXY tcp4 192.0.2.7 198.51.100.1 55555 443|",
          "PROXY UDP4 192.0.2.7 198.51.100.1 55555 443|",
          "PROXY TCP4\t192.0.2.7 198.51.100.1 55555 443|",
          "PROXY TCP4 www.example.com 198.51.100.1 55555 443|",
          "PROXY TCP4 192.0.2.7 198.51.100.1 55555 443\rX",
          "PROXY UNKNOWN \u0001|"
        })
    void refusesEverythingElse(String text) {
      assertThat(HeaderReader.read(line(text)))
          .isInstanceOfSatisfying(
              Failed.class, failed -> assertThat(failed.fault()).isEqualTo(Fault.MALFORMED));
    }

    @Test
    void takesALineOf107OctetsAndNoneLonger() {
      String longest = "PROXY UNKNOWN " + "x".repeat(107 - 16) + "\r\n";
      assertThat(HeaderReader.read(line(longest))).isInstanceOf(Complete.class);
      String longer = "PROXY UNKNOWN " + "x".repeat(107 - 15) + "\r\n";
      assertThat(HeaderReader.read(line(longer))).isInstanceOf(Failed.class);
      assertThat(HeaderReader.read(line(longer.substring(0, 107)))).isInstanceOf(Failed.class);
      assertThat(HeaderReader.read(line(longer.substring(0, 106)))).isInstanceOf(NeedMore.class);
    }
  }

  @Nested
  class OfVersion2 {
    @Test
    void takesAddressesOfBothFamilies() {
      assertThat(source(header(read(binary("2111", ADDRESSES_4))))).isEqualTo("192.0.2.7 55555");
      assertThat(source(header(read(binary("2121", ADDRESSES_6)))))
          .isEqualTo("2001:db8:0:0:0:0:0:1 55555");
    }

    @Test
    void knowsNoAddressOfASocketFileOrOfWhatIsNotSaid() {
      assertThat(source(header(read(binary("2131", "00".repeat(216)))))).isEqualTo("none");
      assertThat(source(header(read(binary("2100", ""))))).isEqualTo("none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2000", "2011", "20ff"})
    void takesTheSenderForTheClientWhereItSpeaksForItself(String commandAndFamily) {
      ProxyHeader header = header(read(binary(commandAndFamily, "0102 03")));
      assertThat(header.local()).isTrue();
      assertThat(source(header)).isEqualTo("none");
      assertThat(header.values()).isEmpty();
    }

    @Test
    void keepsWhatElseIsSaid() {
      String tls = "20 0014 07 00000000 21 0007 544c5376312e33 25 0002 4145";
      ProxyHeader header =
          header(
              read(
                  binary(
                      "2111",
                      ADDRESSES_4
                          + "04 0001 00"
                          + "01 0002 6832"
                          + "02 0005 612e746c64"
                          + "05 0002 beef"
                          + tls.replace("0014", "0014").replace("25 0002 4145", "23 0002 4145")
                          + "30 0002 6e73"
                          + "e0 0001 01 e0 0001 02")));
      assertThat(header.alpn()).contains("h2");
      assertThat(header.authority()).contains("a.tld");
      assertThat(header.networkNamespace()).contains("ns");
      assertThat(header.value(TypedValue.UNIQUE_ID).orElseThrow().bytes()).isEqualTo(hex("beef"));
      assertThat(header.values()).extracting(TypedValue::type).doesNotContain(0x04);
      SenderTls sender = header.tls().orElseThrow();
      assertThat(sender.encrypted()).isTrue();
      assertThat(sender.certificate()).isTrue();
      assertThat(sender.verified()).isTrue();
      assertThat(sender.version()).contains("TLSv1.3");
      assertThat(sender.cipher()).contains("AE");
      assertThat(sender.commonName()).isEmpty();
    }

    @Test
    void verifiesTheChecksumWhereThereIsOne() {
      byte[] bytes = binary("2111", ADDRESSES_4 + "01 0002 6832" + "03 0004 00000000");
      CRC32C checksum = new CRC32C();
      checksum.update(bytes);
      for (int i = 0; i < 4; i++) {
        bytes[bytes.length - 4 + i] = (byte) (checksum.getValue() >> (24 - 8 * i));
      }
      assertThat(header(read(bytes)).alpn()).contains("h2");
      bytes[20] ^= 1;
      assertThat(read(bytes)).isInstanceOf(Failed.class);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "1111 | c0000207c6336401d90301bb      | version 1",
          "2211 | c0000207c6336401d90301bb      | command 2",
          "2112 | c0000207c6336401d90301bb      | datagrams",
          "2141 | c0000207c6336401d90301bb      | family 4",
          "2111 | c0000207c6336401d90301        | addresses too short",
          "2121 | c0000207c6336401d90301bb      | addresses of another family",
          "2111 | c0000207c6336401d90301bb01    | a value cut in its head",
          "2111 | c0000207c6336401d90301bb0100  | a value cut in its length",
          "2111 | c0000207c6336401d90301bb010002aa | a value cut in its content",
          "2111 | c0000207c6336401d90301bb030003aabbcc | a checksum of three octets",
          "2111 | c0000207c6336401d90301bb01000161 010001 61 | a value twice",
          "2111 | c0000207c6336401d90301bb20000401000000 | TLS too short",
          "2111 | c0000207c6336401d90301bb20000601000000 0021 | TLS with a cut value"
        })
    void refusesWhatContradictsItself(String commandAndFamily, String content, String what) {
      assertThat(read(binary(commandAndFamily, content)))
          .as(what)
          .isInstanceOfSatisfying(
              Failed.class, failed -> assertThat(failed.fault()).isEqualTo(Fault.MALFORMED));
    }

    @Test
    void refusesOneThatIsTooLongBeforeItHasCome() {
      assertThat(read(hex(SIGNATURE + "2111ffff"))).isInstanceOf(Failed.class);
      assertThat(read(hex(SIGNATURE + "21114000"))).isInstanceOf(NeedMore.class);
      String id = "05 0081" + "00".repeat(129);
      assertThat(read(binary("2111", ADDRESSES_4 + id))).isInstanceOf(Failed.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET / HTTP/1.1|", "\u0016\u0003\u0001", "proxy TCP4", "PRI * HTTP/2.0|"})
  void tellsThatThereIsNone(String text) {
    assertThat(HeaderReader.read(line(text)))
        .isInstanceOfSatisfying(
            Failed.class, failed -> assertThat(failed.fault()).isEqualTo(Fault.MISSING));
  }

  @Test
  void waitsForTheRestWhereverAHeaderIsCut() {
    byte[] text =
        "PROXY TCP4 192.0.2.7 198.51.100.1 55555 443\r\n".getBytes(StandardCharsets.UTF_8);
    for (byte[] whole : new byte[][] {text, binary("2121", ADDRESSES_6 + "01 0002 6832")}) {
      for (int length = 0; length < whole.length; length++) {
        assertThat(read(Arrays.copyOf(whole, length))).isInstanceOf(NeedMore.class);
      }
      assertThat(read(whole)).isInstanceOf(Complete.class);
    }
  }

  /** Seeded, so that a failure comes again: 200000 headers with a few octets changed or cut. */
  @Test
  void survivesWhateverComes() {
    byte[][] seeds = {
      "PROXY TCP4 192.0.2.7 198.51.100.1 55555 443\r\n".getBytes(StandardCharsets.UTF_8),
      "PROXY TCP6 2001:db8::1 ::1 55555 443\r\n".getBytes(StandardCharsets.UTF_8),
      binary("2111", ADDRESSES_4 + "01 0002 6832 03 0004 00000000"),
      binary("2121", ADDRESSES_6 + "20 000f 07 00000000 21 0007 544c5376312e33"),
      binary("2131", "00".repeat(216))
    };
    SplittableRandom random = new SplittableRandom(20);
    int complete = 0;
    for (int round = 0; round < 200_000; round++) {
      byte[] bytes = seeds[random.nextInt(seeds.length)].clone();
      for (int changes = random.nextInt(4); changes > 0; changes--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      byte[] sent =
          random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
      HeaderReading reading = read(sent);
      if (reading instanceof Complete whole) {
        complete++;
        assertThat(whole.length()).isBetween(15, sent.length);
        whole.header().tls();
      }
    }
    assertThat(complete).as("the search reaches good headers as well").isGreaterThan(10_000);
  }
}
