package io.lockgate.config.hocon;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.config.model.BindAddress;
import io.lockgate.config.model.HostPattern;
import io.lockgate.config.model.UpstreamConfig;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueTypesTest {
  private static Object good(ValueType type, String text) {
    Parsed parsed = type.parse(text);
    assertThat(parsed).isInstanceOf(Parsed.Good.class);
    return ((Parsed.Good) parsed).value();
  }

  private static String code(ValueType type, String text) {
    Parsed parsed = type.parse(text);
    assertThat(parsed).as(text).isInstanceOf(Parsed.Bad.class);
    return ((Parsed.Bad) parsed).code();
  }

  @Nested
  class ADuration {
    @ParameterizedTest
    @CsvSource({"500ms,500", "30s,30000", "5m,300000", "12h,43200000", "365d,31536000000"})
    void hasAUnit(String text, long millis) {
      assertThat(good(ValueTypes.DURATION, text)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"30", "1.5h", "30 seconds", "s", "", "-1s", "3w", "5M", "99999999999999s"})
    void isNothingElse(String text) {
      assertThat(code(ValueTypes.DURATION, text)).isEqualTo("bad-duration");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "0ms", "36601d"})
    void isNeitherZeroNorForever(String text) {
      assertThat(code(ValueTypes.DURATION, text)).isEqualTo("out-of-range");
    }
  }

  @Nested
  class ASize {
    @ParameterizedTest
    @CsvSource({"512B,512", "16KiB,16384", "10MiB,10485760", "1GiB,1073741824"})
    void hasAUnit(String text, long bytes) {
      assertThat(good(ValueTypes.size(0, Long.MAX_VALUE), text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"16", "16KB", "16k", "1.5MiB", "-1B", ""})
    void isNothingElse(String text) {
      assertThat(code(ValueTypes.size(0, Long.MAX_VALUE), text)).isEqualTo("bad-size");
    }

    @Test
    void hasBoundsThatAreToldInUnits() {
      Parsed parsed = ValueTypes.size(1024, 1 << 20).parse("2MiB");
      assertThat(((Parsed.Bad) parsed).hint()).isEqualTo("from 1KiB to 1MiB");
    }
  }

  @Nested
  class AnAddress {
    @ParameterizedTest
    @CsvSource({"0.0.0.0:8443,0.0.0.0,8443", "[::]:443,::,443", "127.0.0.1:0,127.0.0.1,0"})
    void toListenOnIsAnIpAddressAndAPort(String text, String ip, int port) {
      assertThat(good(NetworkTypes.LISTEN_ADDRESS, text)).isEqualTo(new BindAddress(ip, port));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "localhost:80",
          "8443",
          ":8443",
          "::1:80",
          "[127.0.0.1]:80",
          "256.0.0.1:80",
          "127.1:80",
          "1.2.3.4:65536",
          "1.2.3.4:",
          "[::1]",
          "*:80"
        })
    void toListenOnIsNothingElse(String text) {
      assertThat(code(NetworkTypes.LISTEN_ADDRESS, text)).isEqualTo("bad-address");
    }

    @ParameterizedTest
    @CsvSource({
      "app.internal:80,app.internal,80",
      "[::1]:80,::1,80",
      "APP:65535,app,65535",
      "bücher.example:1,xn--bcher-kva.example,1"
    })
    void ofAServerMayBeAName(String text, String host, int port) {
      assertThat(good(NetworkTypes.SERVER_ADDRESS, text))
          .isEqualTo(new UpstreamConfig.Server(host, port, 1));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"app", "app:0", "*.app:80", "1.2.3:80", "a b:80", "http://app:80", "-a:1"})
    void ofAServerIsNothingElse(String text) {
      assertThat(code(NetworkTypes.SERVER_ADDRESS, text)).isEqualTo("bad-address");
    }
  }

  @Nested
  class AHostName {
    @ParameterizedTest
    @CsvSource({
      "WWW.Example.com.,www.example.com",
      "*.example.com,*.example.com",
      "*.bücher.example,*.xn--bcher-kva.example",
      "192.0.2.1,192.0.2.1"
    })
    void isTurnedIntoWhatClientsSend(String text, String expected) {
      assertThat(good(NetworkTypes.HOST_NAME, text)).isEqualTo(HostPattern.parse(expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "a.*.b", "*.*.b", "a..b", "a b", "a/b", "1.2.3", "a:80"})
    void isNothingElse(String text) {
      assertThat(code(NetworkTypes.HOST_NAME, text)).isEqualTo("bad-host-name");
    }
  }

  @Nested
  class AMisspeltWord {
    private final List<String> known = List.of("connect-timeout", "idle-timeout", "tls", "retry");

    @ParameterizedTest
    @CsvSource({"conect-timeout,connect-timeout", "idel-timeout,idle-timeout", "tsl,tls"})
    void isRecognized(String word, String meant) {
      assertThat(Spelling.nearest(word, known)).contains(meant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"zzz", "x", "", "timeout-for-connects"})
    void isNotGuessedAt(String word) {
      assertThat(Spelling.nearest(word, known)).isEmpty();
    }
  }
}
