package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProbeCommandTest {
  private final Recorded process = new Recorded();

  @ParameterizedTest
  @CsvSource({
    "https://a.test, a.test, 443, a.test, /",
    "https://a.test:443/x?y=%2F, a.test, 443, a.test, /x?y=%2F",
    "https://a.test:8443?q, a.test, 8443, a.test:8443, /?q",
    "https://[::1]:8443/x, ::1, 8443, [::1]:8443, /x",
    "HTTPS://192.0.2.1, 192.0.2.1, 443, 192.0.2.1, /"
  })
  void readsAUrl(String url, String host, int port, String authority, String path) {
    assertThat(ProbeTarget.of(url)).isEqualTo(new ProbeTarget(host, port, authority, path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a.test", "http://a.test/", "https:///x", "https://u:p@a.test/", "https://a b/"})
  void takesNothingElseForOne(String url) {
    assertThat(process.lockgate("probe", url)).isEqualTo(2);
    assertThat(process.err()).contains("Usage: lockgate probe");
    assertThat(process.out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "1.2.3.4:x", "[::1", "::1::2"})
  void connectsToAddressesOnly(String address) {
    assertThat(process.lockgate("probe", "https://a.test/", "--resolve", address)).isEqualTo(2);
    assertThat(process.err()).contains("--resolve \"" + address + "\" is not an address");
  }

  @Test
  void wantsABoundOfTime() {
    assertThat(process.lockgate("probe", "https://a.test/", "--timeout", "0")).isEqualTo(2);
    assertThat(process.err()).contains("--timeout is from 1 to 600 seconds");
  }

  @Test
  void saysThatTheAuthoritiesFileIsMissing(@TempDir Path directory) {
    String file = directory.resolve("none.pem").toString();
    assertThat(process.lockgate("probe", "https://a.test/", "--ca", file)).isEqualTo(1);
    assertThat(process.err()).contains(file + " does not exist");
  }

  @Test
  void saysThatTheAuthoritiesFileHoldsNone(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("empty.pem"), "");
    assertThat(process.lockgate("probe", "https://a.test/", "--ca", file.toString())).isEqualTo(1);
    assertThat(process.err()).contains("cannot be read as PEM certificates");
  }

  @Test
  void showsNothingOfAStrangersTextThatATerminalWouldObey() {
    assertThat(ProbeReport.printable("a\u001b[2J\r\n\u00e9")).isEqualTo("a?[2J???");
  }
}
