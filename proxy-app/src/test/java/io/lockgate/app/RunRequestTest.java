package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.app.log.LogFormat;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunRequestTest {
  @Test
  void runAloneTakesTheConfigurationOfTheDistribution() {
    assertThat(RunRequest.ofPlain("run"))
        .contains(new RunRequest(Optional.empty(), LogFormat.TEXT));
  }

  @Test
  void takesTheFileAndTheFormatInAnyOrder() {
    RunRequest wanted = new RunRequest(Optional.of(Path.of("a.conf")), LogFormat.JSON);
    assertThat(RunRequest.ofPlain("run", "-c", "a.conf", "--log-format=json")).contains(wanted);
    assertThat(RunRequest.ofPlain("run", "--log-format=json", "--config", "a.conf"))
        .contains(wanted);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "check",
        "run -c",
        "run -c --log-format=json",
        "run --help",
        "run --log-format=xml",
        "run a.conf",
        "--log-format=json run"
      })
  void leavesEverythingElseToTheCommandLineLibrary(String line) {
    assertThat(RunRequest.ofPlain(line.isEmpty() ? new String[0] : line.split(" "))).isEmpty();
  }
}
