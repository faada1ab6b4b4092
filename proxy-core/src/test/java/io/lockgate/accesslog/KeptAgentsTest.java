package io.lockgate.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.exchange.ExchangeSummary;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How often the program of a client has to be put into words. */
class KeptAgentsTest {
  private static final String CHROME =
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%d.0.0.0 Safari/537.36";

  private final Line line = new Line(4_096);
  private final KeptAgents agents = new KeptAgents(this::format);
  private int formatted;

  private void format(Line into, ExchangeSummary summary) {
    formatted++;
    into.put('<').octets(summary.userAgent(), 1_000).put('>');
  }

  private String written(LoggedExchange exchange) {
    line.begin();
    agents.write(line, exchange);
    return line.toString();
  }

  private void write(List<String> programs, int times) {
    for (int i = 0; i < times; i++) {
      for (String program : programs) {
        assertThat(written(exchange(program))).isEqualTo("<" + program + ">");
      }
    }
  }

  private static LoggedExchange exchange(String program) {
    return LoggedExchange.ordinary().withUserAgent(program);
  }

  @Test
  void whatComesAgainIsKeptFromItsSecondTimeOn() {
    write(List.of("curl/8"), 10);

    assertThat(formatted).isEqualTo(2);
  }

  @Test
  void aBrowserThatComesFromElsewhereEachTimeIsTheSameProgram() {
    for (int page = 0; page < 10; page++) {
      written(exchange("curl/8").withReferer("https://r.example/" + page));
    }

    assertThat(formatted).isEqualTo(2);
  }

  @Test
  void versionsOfABrowserThatDifferInADigitAreKeptBesideEachOther() {
    write(List.of(CHROME.formatted(141), CHROME.formatted(142)), 10);

    assertThat(formatted).isEqualTo(4);
  }

  @Test
  void shortNamesOfEqualLengthAreKeptBesideEachOther() {
    write(List.of("abc", "abd"), 10);

    assertThat(formatted).isEqualTo(4);
  }

  @Test
  void whatComesOncePushesOutNothing() {
    write(List.of("curl/8"), 2);
    for (int i = 0; i < 1_000; i++) {
      written(exchange("scanner/" + i));
    }
    formatted = 0;

    write(List.of("curl/8"), 1);

    assertThat(formatted).isZero();
  }

  @Test
  void whatIsTooLongIsPutIntoWordsEachTime() {
    write(List.of("x".repeat(600)), 3);

    assertThat(formatted).isEqualTo(3);
  }
}
