package io.lockgate.proxyprotocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers as haproxy.org's proxy-protocol.txt has them, octet by octet. */
class HeaderWriterTest {
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
  private static final String PORTS = "d90301bb";

  /** A header from port 55555 of one address to port 443 of another; of a socket file for "-". */
  private static ProxyHeader header(String source, String destination, TypedValue... values) {
    Optional<ProxyHeader.Endpoints> ends =
        source.equals("-")
            ? Optional.empty()
            : Optional.of(
                new ProxyHeader.Endpoints(endpoint(source, 55555), endpoint(destination, 443)));
    return new ProxyHeader(2, false, ends, List.of(values));
  }

  private static InetSocketAddress endpoint(String address, int port) {
    try {
      return new InetSocketAddress(InetAddress.getByName(address), port);
    } catch (UnknownHostException e) {
      throw new AssertionError(address, e);
    }
  }

  private static String hex(byte[] header) {
    return HexFormat.of().formatHex(header);
  }

  private static ProxyHeader readBack(byte[] header) {
    HeaderReading reading = HeaderReader.read(Unpooled.wrappedBuffer(header));
    assertThat(reading).isInstanceOf(HeaderReading.Complete.class);
    assertThat(((HeaderReading.Complete) reading).length()).isEqualTo(header.length);
    return ((HeaderReading.Complete) reading).header();
  }

  @Nested
  class OfVersion1 {
    @ParameterizedTest
    @CsvSource({
      "192.0.2.7, 198.51.100.1, TCP4 192.0.2.7 198.51.100.1 55555 443",
      "2001:db8::1, ::1, TCP6 2001:db8:0:0:0:0:0:1 0:0:0:0:0:0:0:1 55555 443",
      "192.0.2.7, 2001:db8::1, TCP6 0:0:0:0:0:ffff:c000:207 2001:db8:0:0:0:0:0:1 55555 443",
      "-, -, UNKNOWN"
    })
    void saysBothEndsInOneLine(String source, String destination, String line) {
      byte[] header = HeaderWriter.text(header(source, destination));
      assertThat(new String(header, StandardCharsets.US_ASCII)).isEqualTo("PROXY " + line + "\r\n");
      assertThat(header).as("the longest line there may be").hasSizeLessThanOrEqualTo(107);
      readBack(header);
    }

    @Test
    void fitsItsLineAtItsLongest() {
      String widest = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
      ProxyHeader.Endpoints ends =
          new ProxyHeader.Endpoints(endpoint(widest, 65535), endpoint(widest, 65535));
      byte[] header = HeaderWriter.text(new ProxyHeader(1, false, Optional.of(ends), List.of()));
      assertThat(header).hasSizeLessThanOrEqualTo(107);
      assertThat(readBack(header).endpoints()).contains(ends);
    }

    @Test
    void hasNoPlaceForValues() {
      byte[] header =
          HeaderWriter.text(
              header("192.0.2.7", "192.0.2.8", TypedValue.of(TypedValue.AUTHORITY, "a.example")));
      assertThat(new String(header, StandardCharsets.US_ASCII)).doesNotContain("a.example");
    }

    @Test
    void saysNothingOfConnectionsThatAreTheProxysOwn() {
      assertThat(new String(HeaderWriter.local(1), StandardCharsets.US_ASCII))
          .isEqualTo("PROXY UNKNOWN\r\n");
    }
  }

  @Nested
  class OfVersion2 {
    @ParameterizedTest
    @CsvSource({
      "192.0.2.7, 198.51.100.1, 2111000c c0000207 c6336401",
      "2001:db8::1, ::1, 21210024 20010db8000000000000000000000001"
          + " 00000000000000000000000000000001",
      "192.0.2.7, ::1, 21210024 00000000000000000000ffffc0000207 00000000000000000000000000000001"
    })
    void saysBothEnds(String source, String destination, String expected) {
      byte[] header = HeaderWriter.binary(header(source, destination));
      assertThat(hex(header)).isEqualTo(SIGNATURE + expected.replace(" ", "") + PORTS);
      assertThat(readBack(header).endpoints()).isPresent();
    }

    @Test
    void saysUnspecifiedOfAClientThatCameByASocketFile() {
      byte[] header = HeaderWriter.binary(header("-", "-", TypedValue.of(TypedValue.ALPN, "h2")));
      assertThat(hex(header)).isEqualTo(SIGNATURE + "21000005" + "0100026832");
      assertThat(readBack(header).alpn()).contains("h2");
    }

    @Test
    void saysNothingOfConnectionsThatAreTheProxysOwn() {
      assertThat(hex(HeaderWriter.local(2))).isEqualTo(SIGNATURE + "20000000");
      assertThat(readBack(HeaderWriter.local(2)).local()).isTrue();
    }

    @Test
    void carriesNameAndProtocolBehindTheAddresses() {
      byte[] header =
          HeaderWriter.binary(
              header(
                  "192.0.2.7",
                  "198.51.100.1",
                  TypedValue.of(TypedValue.ALPN, "h2"),
                  TypedValue.of(TypedValue.AUTHORITY, "a.example")));
      assertThat(hex(header))
          .isEqualTo(
              SIGNATURE
                  + "2111001d"
                  + "c0000207c6336401"
                  + PORTS
                  + "0100026832"
                  + "020009"
                  + "612e6578616d706c65");
    }

    @Test
    void tellsOfTlsWithoutACertificate() {
      TypedValue tls =
          SenderTls.terminated("TLSv1.3", "TLS_AES_128_GCM_SHA256", Optional.empty(), false)
              .asValue();
      assertThat(hex(tls.bytes()))
          .as("client came by TLS; not verified; version and cipher")
          .isEqualTo(
              "01"
                  + "00000001"
                  + "210007544c5376312e33"
                  + "230016544c535f4145535f3132385f47434d5f534841323536");
    }

    @Test
    void tellsOfTlsWithAVerifiedCertificate() {
      TypedValue tls =
          SenderTls.terminated("TLSv1.2", "C", Optional.of("device 7"), true).asValue();
      assertThat(hex(tls.bytes()))
          .as("TLS, certificate over connection and session; verified; version, name, cipher")
          .isEqualTo(
              "07" + "00000000" + "210007544c5376312e32" + "2200086465766963652037" + "23000143");
      SenderTls read =
          readBack(HeaderWriter.binary(header("192.0.2.7", "192.0.2.8", tls))).tls().orElseThrow();
      assertThat(read)
          .returns(true, SenderTls::verified)
          .returns(Optional.of("device 7"), SenderTls::commonName);
    }

    @Test
    void leavesOutACommonNameThatIsAbsurdlyLong() {
      String name = "n".repeat(60_000);
      SenderTls tls = SenderTls.terminated("TLSv1.3", "C", Optional.of(name), true);
      assertThat(tls.commonName()).isEmpty();
      assertThat(tls.verified()).isTrue();
    }
  }

  @Nested
  class WhoseValuesAreMany {
    private static TypedValue of(int octets) {
      return new TypedValue(0xe0, new byte[octets]);
    }

    private static int declared(byte[] header) {
      return (header[14] & 0xff) << 8 | (header[15] & 0xff);
    }

    @ParameterizedTest
    @ValueSource(ints = {65_519, 65_520})
    void fillsThemToTheLastOctet(int octets) {
      // 12 octets of addresses, 3 of the value's own head
      byte[] header = HeaderWriter.binary(header("192.0.2.7", "192.0.2.8", of(octets)));
      assertThat(declared(header)).isEqualTo(octets + 15);
      assertThat(header).hasSize(16 + octets + 15);
    }

    @Test
    void leavesOutWhatWouldNotFit() {
      TypedValue name = TypedValue.of(TypedValue.AUTHORITY, "a.example");
      TypedValue last = TypedValue.of(TypedValue.UNIQUE_ID, "last");
      byte[] header = HeaderWriter.binary(header("192.0.2.7", "192.0.2.8", name, of(65_520), last));
      assertThat(declared(header)).isEqualTo(header.length - 16);
      assertThat(readBack(header).values()).containsExactly(name, last);
    }

    @Test
    void noneIsLongerThanItsLengthCanSay() {
      assertThat(of(65_535).length()).isEqualTo(65_535);
      assertThatThrownBy(() -> of(65_536)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void valueIsNotChangedBehindItsBack() {
      byte[] bytes = {1, 2};
      TypedValue value = new TypedValue(0xe0, bytes);
      Arrays.fill(bytes, (byte) 9);
      Arrays.fill(value.bytes(), (byte) 9);
      assertThat(value.bytes()).containsExactly(1, 2);
    }
  }
}
