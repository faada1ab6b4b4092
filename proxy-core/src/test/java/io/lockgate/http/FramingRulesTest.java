package io.lockgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The rules of framing against their cases in {@code framing-cases.txt}, and the page that lists
 * them. Run with {@code -Dlockgate.write=true} to write the page anew; then read the difference.
 */
class FramingRulesTest {
  private static final Path PAGE = Path.of("..", "docs", "http.md");
  private static final String BEGIN = "<!-- framing rules: generated -->\n";
  private static final String END = "<!-- /framing rules -->";

  private static final List<FramingCase> CASES = FramingCase.all();

  static Stream<FramingCase> cases() {
    return CASES.stream();
  }

  static Stream<FramingCase> streams() {
    return CASES.stream().filter(framing -> framing.kind().stream());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void judgesEveryCaseByTheRuleItStandsUnder(FramingCase framing) {
    assertThat(framing.verdict()).isEqualTo(framing.expected());
  }

  @ParameterizedTest
  @MethodSource("streams")
  void judgesItTheSameHoweverItIsCut(FramingCase framing) {
    for (int piece : new int[] {1, 2, 3, 7}) {
      assertThat(framing.verdict(piece)).as("pieces of %d", piece).isEqualTo(framing.expected());
    }
  }

  @ParameterizedTest
  @EnumSource
  void noRuleIsWithoutCases(FramingRule rule) {
    assertThat(CASES)
        .as("refused by it")
        .anyMatch(framing -> framing.rule() == rule && framing.refused());
    assertThat(CASES)
        .as("a near miss")
        .anyMatch(framing -> framing.rule() == rule && !framing.refused());
  }

  @Test
  void noCaseStandsTwice() {
    assertThat(CASES.stream().filter(FramingCase::refused).map(c -> c.kind() + " " + c.written()))
        .doesNotHaveDuplicates();
  }

  @Test
  void thePageListsEveryRule() throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END);
    assertThat(begin).isGreaterThan(BEGIN.length()).isLessThanOrEqualTo(end);
    if (Boolean.getBoolean("lockgate.write")) {
      page = page.substring(0, begin) + table() + page.substring(end);
      Files.writeString(PAGE, page);
      end = page.indexOf(END);
    }
    assertThat(page.substring(begin, end)).isEqualTo(table());
  }

  private static String table() {
    StringBuilder table = new StringBuilder();
    table.append("| reason | rule | | status | of | for example |\n|---|---|---|---|---|---|\n");
    for (FramingRule rule : FramingRule.values()) {
      List<FramingCase> refused =
          CASES.stream().filter(c -> c.rule() == rule && c.refused()).toList();
      String messages =
          refused.stream()
              .map(c -> c.kind().messages())
              .distinct()
              .collect(Collectors.joining(", "));
      FramingCase example = refused.get(0);
      for (FramingCase other : refused) {
        example = other.written().length() < example.written().length() ? other : example;
      }
      table.append(
          "| `%s` | %s | %s | %d | %s | %s |\n"
              .formatted(
                  rule.label(),
                  rule.sentence(),
                  rule.section(),
                  rule.status(),
                  messages,
                  shown(example)));
    }
    return table.toString();
  }

  /** As code in a table; a line end is shown as one, an octet by its escape. */
  private static String shown(FramingCase example) {
    String text = example.written();
    String cut = text.length() > 90 ? text.substring(0, 60) + "…" : text;
    String fence = cut.contains("`") ? "``" : "`";
    String bar = example.kind().stream() ? "⏎" : " ⏎ ";
    return fence + cut.replace("|", bar) + fence;
  }
}
