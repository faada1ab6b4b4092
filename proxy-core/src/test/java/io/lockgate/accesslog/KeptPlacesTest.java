package io.lockgate.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.exchange.ExchangeSummary;
import io.lockgate.exchange.ExchangeSummary.ClientProtocol;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How often it has to be put into words who asks whom. */
class KeptPlacesTest {
  private final Line line = new Line(4_096);
  private final KeptPlaces places = new KeptPlaces(this::format);
  private int formatted;

  private void format(Line into, ExchangeSummary summary) {
    formatted++;
    into.put(Line.ascii(words(summary)));
  }

  private static String words(ExchangeSummary summary) {
    return String.join(
        " ",
        summary.clientAddress(),
        summary.listener(),
        summary.protocol().label(),
        summary.host(),
        summary.methodText());
  }

  static List<Arguments> differences() {
    return List.of(
        Arguments.of("clientAddress", "192.0.2.77"),
        Arguments.of("listener", "other"),
        Arguments.of("protocol", ClientProtocol.H1),
        Arguments.of("host", "other.example"),
        Arguments.of("methodText", "POST"));
  }

  @ParameterizedTest
  @MethodSource("differences")
  void whatDiffersInOneOfThemIsKeptBesideTheOther(String what, Object value) {
    List<ExchangeSummary> both =
        List.of(LoggedExchange.ordinary(), LoggedExchange.with(what, value));
    for (int i = 0; i < 10; i++) {
      for (ExchangeSummary summary : both) {
        assertThat(written(summary)).isEqualTo(words(summary));
      }
    }

    assertThat(formatted).isEqualTo(4);
  }

  @Test
  void whatComesOncePushesOutNothing() {
    written(LoggedExchange.ordinary());
    written(LoggedExchange.ordinary());
    for (int i = 0; i < 1_000; i++) {
      written(LoggedExchange.with("clientAddress", "2001:db8::" + i));
    }
    formatted = 0;

    written(LoggedExchange.ordinary());

    assertThat(formatted).isZero();
  }

  private String written(ExchangeSummary summary) {
    line.begin();
    places.write(line, summary);
    return line.toString();
  }
}
