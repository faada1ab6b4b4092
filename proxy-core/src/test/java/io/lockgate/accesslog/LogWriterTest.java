package io.lockgate.accesslog;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.config.model.AccessLogConfig;
import io.lockgate.config.model.AccessLogConfig.Format;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With a pause that no test outlasts: what is written was not waited for. */
class LogWriterTest {
  private static final int PATIENCE_SECONDS = 30;

  /** Octets that an ordinary exchange takes in a ring: a head of seven numbers, and its texts. */
  private static final int RECORD = 104;

  private final Semaphore octets = new Semaphore(0);
  private final AccessLogCounts counts = new AccessLogCounts();
  private final List<RecordRing> rings = new ArrayList<>();
  private final LogWriter writer =
      new LogWriter(rings, Format.COMBINED, new Counted(), counts, Duration.ofDays(1));
  private final RecordRing ring = new RecordRing(writer::hurry);
  private final LoopLog loop =
      new LoopLog(
          new AccessLogConfig(Optional.empty(), Format.COMBINED, 100),
          ring,
          writer,
          new AccessLogSetup(
              1,
              Clock.systemUTC(),
              OutputStream.nullOutputStream(),
              new SplittableRandom(1),
              counts));

  @BeforeEach
  void start() {
    rings.add(ring);
    writer.start();
  }

  @AfterEach
  void close() {
    writer.close();
  }

  @Test
  void writesTheFirstLineAtOnce() throws InterruptedException {
    loop.ended(LoggedExchange.ordinary());

    assertThat(octets.tryAcquire(1, PATIENCE_SECONDS, SECONDS)).isTrue();
  }

  @Test
  void comesBeforeItsTimeWhereARingFills() throws InterruptedException {
    loop.ended(LoggedExchange.ordinary());
    assertThat(octets.tryAcquire(1, PATIENCE_SECONDS, SECONDS)).isTrue();
    int line = 1 + octets.drainPermits();

    int most = RecordRing.SEGMENTS * RecordSegment.BYTES / RECORD;
    for (int recorded = 0; recorded < most * 3 / 4; recorded++) {
      loop.ended(LoggedExchange.ordinary());
    }

    assertThat(octets.tryAcquire(most / 4 * line, PATIENCE_SECONDS, SECONDS)).isTrue();
    assertThat(counts.dropped()).isZero();
  }

  @Test
  void goesOnAfterALineThatCannotBeMade() {
    loop.ended(LoggedExchange.with("clientAddress", null));
    loop.ended(LoggedExchange.ordinary());

    writer.close(); // It writes what is there.
    assertThat(octets.availablePermits()).isPositive();
    assertThat(counts.dropped()).isEqualTo(1);
  }

  private final class Counted implements LogTarget {
    @Override
    public void write(ByteBuffer lines) {
      octets.release(lines.remaining());
    }

    @Override
    public void reopen() {}

    @Override
    public void close() {}
  }
}
