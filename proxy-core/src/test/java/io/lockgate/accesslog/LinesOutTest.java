package io.lockgate.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How lines are gathered, and leave. */
class LinesOutTest {
  private static final long NOW = 784_111_777_123L;

  private final AccessLogCounts counts = new AccessLogCounts();
  private final List<String> writes = new ArrayList<>();
  private final LinesOut lines = new LinesOut(new CombinedFormat(), counts, this::write);

  private void write(ByteBuffer buffer) {
    writes.add(StandardCharsets.US_ASCII.decode(buffer).toString());
  }

  private static LineFormat tooLong() {
    return (LineFormat)
        Proxy.newProxyInstance(
            LineFormat.class.getClassLoader(),
            new Class<?>[] {LineFormat.class},
            (self, method, arguments) -> {
              ((Line) arguments[0]).put(new byte[Line.LONGEST + 1]);
              return null;
            });
  }

  private void exchange(int number) {
    lines.exchange(NOW, LoggedExchange.ordinary().withTarget("/" + number));
  }

  private List<String> written() {
    return String.join("", writes).lines().toList();
  }

  @Test
  void nothingLeavesBeforeItIsMuchOrAskedFor() {
    exchange(1);
    assertThat(writes).isEmpty();

    lines.flush();
    assertThat(writes).hasSize(1);

    lines.flush();
    assertThat(writes).hasSize(1);
  }

  @Test
  void everyWriteHasWholeLinesAndAllOfThemHaveEachLineOnceInOrder() {
    int many = 20_000;
    for (int i = 0; i < many; i++) {
      exchange(i);
    }
    lines.flush();

    assertThat(writes).hasSizeBetween(2, 20).allMatch(write -> write.endsWith("\n"));
    List<String> all = written();
    assertThat(all).hasSize(many);
    for (int i = 0; i < many; i++) {
      assertThat(all.get(i)).contains(" /" + i + " ");
    }
    assertThat(counts.dropped()).isZero();
  }

  @Test
  void wholeLinesAreGatheredWithTheOthersInOrder() {
    byte[] longest = ("x".repeat(Line.LONGEST - 1) + "\n").getBytes(StandardCharsets.US_ASCII);
    exchange(1);
    lines.line(longest, 0, longest.length);
    exchange(2);
    lines.flush();

    assertThat(written()).hasSize(3);
    assertThat(written().get(0)).contains(" /1 ");
    assertThat(written().get(1)).hasSize(Line.LONGEST - 1);
    assertThat(written().get(2)).contains(" /2 ");
  }

  @Test
  void aLineThatCannotBeMadeIsCountedAndLeavesNothing() {
    exchange(1);
    lines.exchange(NOW, LoggedExchange.with("referer", null));
    exchange(2);
    lines.flush();

    assertThat(written()).hasSize(2);
    assertThat(written().get(1)).contains(" /2 ");
    assertThat(counts.dropped()).isOne();
  }

  /** Formats cut values, so no exchange has such a line; a mistake in one must not spoil others. */
  @Test
  void aLineThatIsTooLongIsCountedAndLeavesNothing() {
    LinesOut longOnes = new LinesOut(tooLong(), counts, this::write);
    longOnes.line(new byte[] {'b', '\n'}, 0, 2);
    longOnes.exchange(NOW, LoggedExchange.ordinary());
    longOnes.line(new byte[] {'c', '\n'}, 0, 2);
    longOnes.flush();

    assertThat(written()).containsExactly("b", "c");
    assertThat(counts.dropped()).isOne();
  }
}
