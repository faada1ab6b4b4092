package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckCommandTest {
  @TempDir Path directory;

  private final Recorded process = new Recorded();

  @Nested
  class AGoodConfiguration {
    @Test
    void isGoodAndLeavesNoTrace() throws IOException {
      Path file = write("local { local-ca = ca, names = [a.example] }", "a.example");
      assertThat(process.lockgate("check", "-c", file.toString())).isEqualTo(0);
      assertThat(process.out()).contains("0 errors, 0 warnings");
      assertThat(directory.resolve("ca")).as("a check makes no certificate").doesNotExist();
    }

    @Test
    void isOneJsonDocument() throws IOException {
      Path file = write("local { local-ca = ca, names = [a.example] }", "a.example");
      assertThat(process.lockgate("check", "--json", "-c", file.toString())).isEqualTo(0);
      assertThat(process.out())
          .startsWith("{\"file\":\"" + file + "\",\"valid\":true,\"errors\":0,\"warnings\":0,")
          .hasLineCount(1);
      assertThat(process.err()).isEmpty();
    }
  }

  @Nested
  class AWrongConfiguration {
    @Test
    void isToldWithItsPlaceAndExitsWith78() throws IOException {
      Path file = write("local { local-ca = ca, nmaes = [a.example] }", "a.example");
      assertThat(process.lockgate("check", "-c", file.toString())).isEqualTo(78);
      assertThat(process.out()).contains("nmaes").contains("--> " + file + ":4");
    }

    @Test
    void aHostWithoutACertificateIsAnError() throws IOException {
      Path file = write("local { local-ca = ca, names = [a.example] }", "b.example");
      assertThat(process.lockgate("check", "-c", file.toString())).isEqualTo(78);
      assertThat(process.out())
          .contains("error[uncovered-host]: no certificate covers \"b.example\"")
          .contains("--> " + file + ":5");
    }

    /** Whoever demanded certificates and trusts nobody must not let in everybody. */
    @Test
    void authoritiesThatCannotBeReadAreAnErrorAndNeverNobodysDemand() throws IOException {
      Path file =
          write(
              "local { local-ca = ca, names = [a.example] }",
              "a.example\" { client-auth { mode = required, trust = \"none.pem\" } }, \"a.example");
      assertThat(process.lockgate("check", "-c", file.toString())).isEqualTo(78);
      assertThat(process.out()).contains("none.pem");
    }

    @Test
    void aMissingFileIsAWrongConfiguration() {
      assertThat(process.lockgate("check", "-c", directory.resolve("none.conf").toString()))
          .isEqualTo(78);
    }
  }

  private Path write(String certificates, String host) throws IOException {
    return Files.writeString(
        directory.resolve("lockgate.conf"),
        """
        lockgate {
          listeners { https { address = "127.0.0.1:0" } }
          admin { address = "127.0.0.1:0" }
          certificates { %s }
          hosts { "%s" { routes = [{ path = "/", respond { status = 200, body = "ok" } }] } }
        }
        """
            .formatted(certificates, host));
  }
}
