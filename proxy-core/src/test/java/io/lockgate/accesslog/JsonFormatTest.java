package io.lockgate.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.exchange.ExchangeSummary;
import io.lockgate.exchange.ExchangeSummary.ClientProtocol;
import io.lockgate.tls.TlsFacts;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a format keeps of lines must never find its way into those of others. */
class JsonFormatTest {
  private static final long MILLIS = 1_700_000_000_123L;

  private final Line line = new Line(Line.LONGEST);
  private final LineFormat format = new JsonFormat();

  private String line(LineFormat format, ExchangeSummary exchange) {
    line.begin();
    format.exchange(line, MILLIS, exchange);
    return line.toString();
  }

  private void writesEachAsIfItWereTheFirst(List<ExchangeSummary> exchanges) {
    List<String> expected = exchanges.stream().map(e -> line(new JsonFormat(), e)).toList();
    assertThat(expected).doesNotHaveDuplicates();
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 40 * exchanges.size(); i++) {
      int next = random.nextInt(exchanges.size());
      assertThat(line(format, exchanges.get(next))).isEqualTo(expected.get(next));
    }
  }

  @Test
  void exchangesThatDifferInOneFieldEachHaveLinesOfTheirOwn() {
    LoggedExchange ordinary = LoggedExchange.ordinary();
    writesEachAsIfItWereTheFirst(
        List.of(
            ordinary,
            LoggedExchange.with("clientAddress", "192.0.2.8"),
            LoggedExchange.with("listener", "other"),
            LoggedExchange.with("host", "other.example"),
            LoggedExchange.with("protocol", ClientProtocol.H1),
            LoggedExchange.with("methodText", "POST"),
            LoggedExchange.with("upstream", "other"),
            LoggedExchange.with("server", "127.0.0.1:9002"),
            LoggedExchange.with("retries", 0),
            LoggedExchange.with("retries", 2),
            ordinary.withReferer(""),
            ordinary.withReferer("https://r.example/2"),
            LoggedExchange.with("tls", TlsFacts.NONE),
            ordinary.withUserAgent(""),
            ordinary.withUserAgent("curl/9"),
            ordinary.withUserAgent("curl\"8"),
            ordinary.withError("upstream_timeout"),
            ordinary.withStatus(404),
            ordinary.withTarget("/b")));
  }

  @Test
  void programsThatAreCutTellSo() {
    String longest = "x".repeat(LineFormat.MOST_FIELD);
    writesEachAsIfItWereTheFirst(
        List.of(
            LoggedExchange.ordinary().withUserAgent(longest),
            LoggedExchange.ordinary().withUserAgent(longest + "y")));
  }

  @Test
  void moreClientsThanAreKeptHaveLinesOfTheirOwn() {
    writesEachAsIfItWereTheFirst(
        IntStream.range(0, 600)
            .mapToObj(i -> LoggedExchange.with("clientAddress", "198.51.100." + i))
            .toList());
  }
}
