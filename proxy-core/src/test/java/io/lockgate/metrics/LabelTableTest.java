package io.lockgate.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.lockgate.http.Method;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabelTableTest {
  private final LabelTable<Counter> table = new LabelTable<>(Counter::new);

  @Test
  void givesTheSameCellForEqualLabelsAndAnotherForOthers() {
    Counter cell = table.cell("a", "b");

    assertThat(table.cell(new String("a"), new String("b"))).isSameAs(cell);
    assertThat(table.cell("b", "a")).isNotSameAs(cell);
    assertThat(table.cell("ab")).isNotSameAs(table.cell("a", "b"));
  }

  @Test
  void keepsLabelsApartWhoseHashesCollide() {
    assertThat("Aa".hashCode()).isEqualTo("BB".hashCode());

    assertThat(table.cell("Aa")).isNotSameAs(table.cell("BB"));
  }

  @Test
  void findsEveryCellAgainAfterItHasGrown() {
    List<Counter> cells = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      cells.add(table.cell("host" + i, "GET"));
    }

    for (int i = 0; i < 10_000; i++) {
      assertThat(table.cell("host" + i, "GET")).isSameAs(cells.get(i));
    }
    List<String> walked = new ArrayList<>();
    table.forEach(entry -> walked.add(entry.a));
    assertThat(walked).hasSize(10_000).startsWith("host0", "host1");
  }

  @Test
  void findsWhatIsLeftAfterSomeWasDropped() {
    Counter left = table.cell("left");
    Counter dropped = table.cell("dropped");
    table.removeIf(entry -> entry.a.equals("dropped"));

    List<String> walked = new ArrayList<>();
    table.forEach(entry -> walked.add(entry.a));
    assertThat(walked).containsExactly("left");
    assertThat(table.cell("left")).isSameAs(left);
    assertThat(table.cell("dropped")).isNotSameAs(dropped);
  }

  @Test
  void countsWhatGoesOverItsBoundTogether() {
    LabelTable<Counter> small = new LabelTable<>(Counter::new, 2);
    small.cell("a");
    small.cell("b");

    assertThat(small.cell("c")).isSameAs(small.cell("d"));
    assertThat(small.cell("a")).isNotSameAs(small.cell("c"));
  }

  @Test
  void allocatesNothingForLabelsThatWereSeenBefore() {
    LoopMetrics loop = new ProxyMetrics(1, List.of()).forLoop(0);
    TestSummary summary = TestSummary.of("a.example", Method.GET, 200);
    count(loop, summary, 20_000); // also lets the JIT settle
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long self = Thread.currentThread().getId();

    long before = threads.getThreadAllocatedBytes(self);
    count(loop, summary, 20_000);
    long perEvent = (threads.getThreadAllocatedBytes(self) - before) / 20_000;

    assertThat(perEvent).isZero();
  }

  private static void count(LoopMetrics loop, TestSummary summary, int times) {
    for (int i = 0; i < times; i++) {
      loop.started();
      loop.ended(summary);
      loop.attemptEnded("app", "127.0.0.1:1", "2xx", 1_000_000);
    }
  }
}
