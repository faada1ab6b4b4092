package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.Command;
import io.lockgate.testkit.Distribution;
import io.lockgate.testkit.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is in the distribution beside the program. */
class DistributionIT {
  private static final Path HOME = Distribution.find().launcher().getParent().getParent();

  @TempDir private Path directory;

  /** A part of the bill of materials. */
  private record Part(String group, String name, String version, String purl, String licences) {
    static Part of(Map<?, ?> component) {
      List<String> licences = new ArrayList<>();
      for (Object each : (List<?>) component.get("licenses")) {
        Map<?, ?> licence = (Map<?, ?>) ((Map<?, ?>) each).get("license");
        Object id = licence.get("id");
        licences.add((id == null ? licence.get("name") : id).toString());
      }
      return new Part(
          component.get("group").toString(),
          component.get("name").toString(),
          component.get("version").toString(),
          component.get("purl").toString(),
          String.join(", ", licences));
    }

    String jar() {
      int classifier = purl.indexOf("classifier=");
      String suffix =
          classifier < 0
              ? ""
              : "-" + purl.substring(classifier + "classifier=".length()).split("&", 2)[0];
      return name + "-" + version + suffix + ".jar";
    }
  }

  private static List<Part> parts() throws IOException {
    Map<?, ?> bill = Json.object(Files.readString(HOME.resolve("share/lockgate.cdx.json")));
    assertThat(bill.get("bomFormat")).isEqualTo("CycloneDX");
    return ((List<?>) bill.get("components"))
        .stream().map(component -> Part.of((Map<?, ?>) component)).toList();
  }

  @Test
  void theBillOfMaterialsNamesEveryJarAndNoOther() throws IOException {
    List<String> jars;
    try (Stream<Path> files = Files.list(HOME.resolve("lib"))) {
      jars =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".jar") && !name.startsWith("proxy-app-"))
              .toList();
    }
    assertThat(parts().stream().map(Part::jar)).containsExactlyInAnyOrderElementsOf(jars);
  }

  @Test
  void theNoticeGivesTheLicenceOfEveryPartOfOthers() throws IOException {
    List<String> lines = Files.readAllLines(HOME.resolve("NOTICE.md"));
    assertThat(parts())
        .filteredOn(part -> !part.group().equals("io.lockgate"))
        .isNotEmpty()
        .allSatisfy(
            part ->
                assertThat(lines)
                    .as(part.toString())
                    .anyMatch(
                        line ->
                            line.startsWith("| `" + part.group() + "` |")
                                && line.contains("| " + part.licences() + " |")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "netty_tcnative_linux_",
        "netty_transport_native_epoll_",
        "netty_transport_native_io_uring42_"
      })
  void nativeLibrariesOfBothProcessorsAreThere(String library) {
    for (String processor : List.of("x86_64", "aarch_64")) {
      assertThat(HOME.resolve("lib/META-INF/native/lib" + library + processor + ".so")).exists();
    }
  }

  @Test
  void onAnotherProcessorTheStartSaysWhatIsNeeded() throws IOException {
    Files.writeString(
        directory.resolve("lockgate.conf"),
        """
        lockgate {
          listeners { https { address = "127.0.0.1:0" } }
          admin.address = "127.0.0.1:0"
          certificates { local { local-ca = "ca", names = [localhost] } }
          hosts { localhost { routes = [ { path = "/", respond { status = 200 } } ] } }
        }
        """);
    Command.Result result =
        Distribution.find()
            .command("run", "-c", directory.resolve("lockgate.conf").toString())
            .environment("LOCKGATE_OPTS", "-Dos.arch=riscv64")
            .run();
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.errors())
        .contains("Lockgate needs Linux on x86-64 or ARM64 with the GNU C library")
        .contains("this is Linux on riscv64");
  }
}
