package io.lockgate.config.hocon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigSourceTest {
  @TempDir private Path directory;

  private ConfigSource source;

  @BeforeEach
  void write() throws IOException {
    Files.createDirectory(directory.resolve("hosts.d"));
    write("hosts.d/a.conf", host("a.example"));
    write("more.conf", "admin.address = \"127.0.0.1:0\"");
    write(
        "lockgate.conf",
        """
        lockgate {
          include "more.conf"
          include-files = ["hosts.d/*.conf"]
          listeners { http { address = "127.0.0.1:0", tls = off } }
        }
        """);
    source = new ConfigSource(directory.resolve("lockgate.conf"), Map.of());
  }

  @Test
  void givesTheVerySameResultWhileNoFileChanges() throws IOException {
    ConfigResult first = source.read();
    write("more.conf", Files.readString(directory.resolve("more.conf")));

    assertThat(first).isInstanceOf(ConfigResult.Valid.class);
    assertThat(source.read()).isSameAs(first);
  }

  @Test
  void readsAnIncludedFileAgainThatChangedWithinATickOfTheFileClock() throws IOException {
    valid(source.read());
    Path included = directory.resolve("more.conf");
    FileTime modified = Files.getLastModifiedTime(included);
    write("more.conf", "admin.address = \"127.0.0.1:1\"");
    Files.setLastModifiedTime(included, modified);

    assertThat(valid(source.read()).config().admin().address().port()).isEqualTo(1);
  }

  @Test
  void seesAnErrorPageThatChanges() throws IOException {
    write("404.html", "before");
    write("more.conf", "http.error-pages { 404 = \"404.html\" }");
    ConfigResult.Valid first = valid(source.read());
    assertThat(source.read()).isSameAs(first);
    write("404.html", "after");

    assertThat(valid(source.read()).config().http().errorPages().page(404).orElseThrow().text())
        .isEqualTo("after");
    assertThat(valid(source.read()).config()).isNotEqualTo(first.config());
  }

  @Test
  void seesAFileThatJoinsADirectory() throws IOException {
    valid(source.read());
    write("hosts.d/b.conf", host("b.example"));

    assertThat(valid(source.read()).config().hosts()).hasSize(2);
  }

  @Test
  void seesAFileThatIsGone() throws IOException {
    valid(source.read());
    Files.delete(directory.resolve("hosts.d/a.conf"));

    assertThat(valid(source.read()).config().hosts()).isEmpty();
  }

  @Test
  void goesBackToTheEarlierConfigurationAfterAWrongOne() throws IOException {
    ConfigResult.Valid first = valid(source.read());
    write("more.conf", "admin.address = 1");
    assertThat(source.read()).isInstanceOf(ConfigResult.Invalid.class);
    write("more.conf", "admin.address = \"127.0.0.1:0\"");

    assertThat(valid(source.read()).config()).isEqualTo(first.config());
  }

  private static ConfigResult.Valid valid(ConfigResult result) {
    assertThat(result).isInstanceOf(ConfigResult.Valid.class);
    return (ConfigResult.Valid) result;
  }

  private static String host(String name) {
    return "lockgate.hosts { \"%s\" { routes = [{ path = \"/\", respond {} }] } }".formatted(name);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
  }
}
