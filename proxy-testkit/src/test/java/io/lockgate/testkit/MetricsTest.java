package io.lockgate.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsTest {
  private static final String SCRAPE =
      """
      # HELP a_total things
      # TYPE a_total counter
      a_total{host="x",code="200"} 3.0
      a_total{host="x",code="404"} 1
      b 2.5
      """;

  @Test
  void sumsTheSeriesThatHaveTheLabels() {
    Metrics metrics = Metrics.parse(SCRAPE);
    assertThat(metrics.sum("a_total", "host=\"x\"")).hasValue(4);
    assertThat(metrics.sum("a_total", "code=\"404\"")).hasValue(1);
    assertThat(metrics.sum("a_total", "host=\"y\"")).isEmpty();
    assertThat(metrics.names()).isEqualTo(List.of("a_total", "b"));
  }

  @Test
  void refusesWhatIsNoSample() {
    assertThatThrownBy(() -> Metrics.parse("a_total{")).isInstanceOf(AssertionError.class);
  }

  @Test
  void jsonIsReadIntoPlainValues() {
    assertThat(Json.object("{\"a\": [1, true, \"x\\u0041\\n\"], \"b\": {}, \"c\": null}"))
        .isEqualTo(Map.of("a", List.of(1.0, true, "xA\n"), "b", Map.of(), "c", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{", "[1,]", "{\"a\" 1}", "01", "\"\n\"", "{} x", "{\"a\":1,\"a\":2}", "tru", ""})
  void jsonThatIsNoneIsRefused(String text) {
    assertThatThrownBy(() -> Json.parse(text)).isInstanceOf(AssertionError.class);
  }
}
