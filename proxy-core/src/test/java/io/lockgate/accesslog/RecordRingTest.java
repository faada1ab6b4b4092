package io.lockgate.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.exchange.ExchangeSummary;
import io.lockgate.testkit.Patience;
import io.lockgate.tls.TlsFacts;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecordRingTest {
  private static final long NOW = 784_111_777_123L;

  private final AtomicInteger hurries = new AtomicInteger();
  private final RecordRing ring = new RecordRing(hurries::incrementAndGet);

  /** What a writer makes of what it is handed. */
  private static final class Written implements RecordRing.Sink {
    private final List<String> lines = new ArrayList<>();
    private final Line line = new Line(Line.LONGEST);
    private final LineFormat format;

    Written(LineFormat format) {
      this.format = format;
    }

    @Override
    public void exchange(long epochMillis, ExchangeSummary summary) {
      line.begin();
      format.exchange(line, epochMillis, summary);
      lines.add(line.toString());
    }

    @Override
    public void line(byte[] octets, int from, int to) {
      lines.add(new String(octets, from, to - from, StandardCharsets.US_ASCII));
    }
  }

  private List<String> drained() {
    Written written = new Written(new CombinedFormat());
    ring.drainTo(written);
    return written.lines;
  }

  private static Line line(String text) {
    return new Line(Line.LONGEST).put(Line.ascii(text));
  }

  @ParameterizedTest
  @EnumSource(
      value = io.lockgate.config.model.AccessLogConfig.Format.class,
      names = {"JSON", "ECS", "COMBINED"})
  void handsOverWhatTheFormatsTellOfAnExchange(
      io.lockgate.config.model.AccessLogConfig.Format format) {
    String longest = "x".repeat(5_000);
    List<ExchangeSummary> exchanges =
        List.of(
            LoggedExchange.ordinary(),
            LoggedExchange.ordinary().withTarget("/" + longest).withUserAgent(longest),
            LoggedExchange.ordinary().withTarget("/\u00e4\"\n").withStatus(499).withError("reset"),
            LoggedExchange.ordinary().withUserAgent("curl\"8"),
            LoggedExchange.ordinary().withReferer("\u0080"),
            LoggedExchange.with("retries", 0),
            LoggedExchange.with("retries", 300),
            LoggedExchange.with("protocol", ExchangeSummary.ClientProtocol.H1),
            new LoggedExchange("", "", "", 0, "", LoggedExchange.TLS));
    Written direct = new Written(LineFormat.of(format));
    exchanges.forEach(exchange -> direct.exchange(NOW, exchange));

    exchanges.forEach(exchange -> assertThat(ring.exchange(NOW, exchange)).isTrue());
    Written handed = new Written(LineFormat.of(format));
    ring.drainTo(handed);

    assertThat(handed.lines).isEqualTo(direct.lines);
  }

  @Test
  void tellsOfMoreRetriesThanItHasRoomForByTheMostItHas() {
    ring.exchange(NOW, LoggedExchange.with("retries", 70_000));
    Written handed = new Written(new JsonFormat());
    ring.drainTo(handed);

    assertThat(handed.lines.get(0)).contains("\"retries\":65535,").contains("\"status\":200,");
  }

  @Test
  void keepsTheOrderInWhichThingsHappened() {
    ring.line(line("a\n"));
    ring.exchange(NOW, LoggedExchange.ordinary());
    ring.line(line("b\n"));

    assertThat(drained())
        .hasSize(3)
        .satisfies(lines -> assertThat(lines.get(0)).isEqualTo("a\n"))
        .satisfies(lines -> assertThat(lines.get(1)).contains("/a?b=c"))
        .satisfies(lines -> assertThat(lines.get(2)).isEqualTo("b\n"));
  }

  @Test
  void goesRoundAndRound() {
    for (int i = 0; i < 20_000; i++) {
      assertThat(ring.exchange(NOW, LoggedExchange.ordinary().withTarget("/" + i))).isTrue();
      if (i % 700 == 0) {
        assertThat(drained()).last().asString().contains("\"GET /" + i + " ");
      }
    }
  }

  @Test
  void hasNoRoomUntilTheWriterHasLeftSome() {
    while (ring.exchange(NOW, LoggedExchange.ordinary())) {}
    assertThat(ring.line(line("x".repeat(10_000)))).isFalse();
    assertThat(hurries).as("the writer was called").hasPositiveValue();

    drained();

    assertThat(ring.exchange(NOW, LoggedExchange.ordinary())).isTrue();
    assertThat(drained()).hasSize(1);
  }

  @Test
  void keepsNoMoreOfAMethodThanALineShows() {
    RecordSegment segment = new RecordSegment();
    segment.append(NOW, LoggedExchange.with("methodText", "X".repeat(30_000)));

    assertThat(segment.reference(RecordedExchange.METHOD))
        .isEqualTo("X".repeat(LineFormat.MOST_NAME + 1));
  }

  @Test
  void keepsNothingThatHasBeenWritten() {
    WeakReference<Object> facts = recorded();
    drained();

    Patience.until(
        "nothing refers to it",
        () -> {
          System.gc();
          return facts.get() == null;
        });
  }

  private WeakReference<Object> recorded() {
    TlsFacts facts = new TlsFacts("a", "b", "c", "d", "e", "f", TlsFacts.Resumption.FULL, "g");
    ring.exchange(NOW, LoggedExchange.with("tls", facts));
    return new WeakReference<>(facts);
  }

  @Test
  void refersToNothingInASegmentThatIsLeft() {
    RecordSegment segment = new RecordSegment();
    segment.append(NOW, LoggedExchange.ordinary());
    assertThat(segment.reference(RecordedExchange.TLS)).isSameAs(LoggedExchange.TLS);

    segment.forget(0, RecordedExchange.REFERENCES);

    for (int i = 0; i < RecordedExchange.REFERENCES; i++) {
      assertThat(segment.reference(i)).isNull();
    }
  }
}
