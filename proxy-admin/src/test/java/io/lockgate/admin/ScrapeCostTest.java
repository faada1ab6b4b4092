package io.lockgate.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.lockgate.metrics.LoopMetrics;
import io.lockgate.metrics.ProxyMetrics;
import io.lockgate.tls.TlsFacts;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a scrape of a thousand hosts costs the heap; how long it takes depends on the machine. */
class ScrapeCostTest {
  private static final int HOSTS = 1_000;

  private final ProxyMetrics metrics = new ProxyMetrics(1, List.of());
  private final PrometheusText text = new PrometheusText();

  @Test
  void allocatesLittleMoreThanItsText() {
    traffic();
    scrape();
    ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = thread.getCurrentThreadAllocatedBytes();
    int length = scrape();
    long allocated = thread.getCurrentThreadAllocatedBytes() - before;

    assertThat(length).isGreaterThan(1_000 * HOSTS);
    assertThat(allocated).isLessThan(2L * length);
  }

  @Test
  void whatHappenedSinceCostsNoHistogramEach() {
    traffic();
    scrape();
    scrape();
    traffic();
    ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = thread.getCurrentThreadAllocatedBytes();
    int length = scrape();
    long allocated = thread.getCurrentThreadAllocatedBytes() - before;

    assertThat(allocated).isLessThan(3L * length);
  }

  private int scrape() {
    return text.render(metrics.scrape(), "").body().length;
  }

  private void traffic() {
    LoopMetrics loop = metrics.forLoop(0);
    for (int i = 0; i < HOSTS; i++) {
      String host = "host-" + i + ".example";
      TlsFacts facts =
          new TlsFacts(host, "TLSv1.3", "TLS_X", "X25519", "h2", "", TlsFacts.Resumption.FULL, "");
      loop.handshakeSucceeded("https", facts, 1_500_000);
      loop.ended(new PlainExchange(host, 200, 3_000_000));
    }
  }
}
