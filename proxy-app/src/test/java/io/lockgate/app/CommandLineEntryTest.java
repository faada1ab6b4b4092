package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineEntryTest {
  private final Recorded process = new Recorded();

  @Test
  void versionGoesToStandardOutput() {
    assertThat(process.lockgate("version")).isEqualTo(0);
    assertThat(process.out()).startsWith("lockgate 1.2.3 ").hasLineCount(1);
    assertThat(process.err()).isEmpty();
  }

  @Test
  void helpNamesEveryCommandAnOperatorMayUse() {
    assertThat(process.lockgate("--help")).isEqualTo(0);
    assertThat(process.out())
        .contains("run ", "check ", "config ", "reload ", "drain ", "status ", "certs ")
        .contains("probe ", "explain ", "version ")
        .doesNotContain("demo-origin");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run", "check", "config", "reload", "drain", "status", "certs", "explain", "probe"
      })
  void everyCommandExplainsItself(String command) {
    assertThat(process.lockgate(command, "--help")).isEqualTo(0);
    assertThat(process.out()).startsWith("Usage: lockgate " + command);
  }

  @Nested
  class WhenTheUsageIsWrong {
    @ParameterizedTest
    @CsvSource({"rnu, run", "chekc, check", "relaod, reload", "stauts, status", "cert, certs"})
    void anUnknownCommandIsToldWhatWasProbablyMeant(String typed, String meant) {
      assertThat(process.lockgate(typed)).isEqualTo(2);
      assertThat(process.err())
          .startsWith("lockgate: unknown command \"" + typed + "\"")
          .contains("did you mean \"" + meant + "\"?")
          .contains("Usage: lockgate");
      assertThat(process.out()).as("standard output is for results").isEmpty();
    }

    @Test
    void anUnknownOptionIsAnsweredWithTheUsageOfItsCommand() {
      assertThat(process.lockgate("check", "--srtict")).isEqualTo(2);
      assertThat(process.err()).contains("--srtict").contains("Usage: lockgate check");
    }

    @Test
    void anOptionWithoutItsValueIsWrongUsage() {
      assertThat(process.lockgate("run", "-c")).isEqualTo(2);
      assertThat(process.err()).contains("Usage: lockgate run");
    }

    @Test
    void noCommandAtAllIsAnsweredWithTheUsage() {
      assertThat(process.lockgate()).isEqualTo(2);
      assertThat(process.err()).contains("which command?").contains("Usage: lockgate");
    }
  }
}
