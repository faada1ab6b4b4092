package io.lockgate.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lockgate.tls.EngineTime.Phase;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EngineTimeTest {
  private static final int TURNS = 4_000_000;

  private final Map<Phase, Long> counted = new EnumMap<>(Phase.class);
  private final TlsListener listener =
      new TlsListener() {
        @Override
        public void engineRan(Phase phase, long nanos) {
          counted.merge(phase, nanos, Long::sum);
        }
      };
  private long now;
  private final EngineTime time =
      new EngineTime(ThreadTime.of(() -> now), listener, new SplittableRandom(42));

  private void spend(long nanos) {
    now += nanos;
  }

  @ParameterizedTest
  @EnumSource(names = {"HANDSHAKE", "RECORDS"})
  void samplesAddUpToWhatWasSpentWithinTheEngine(Phase phase) {
    for (int i = 0; i < TURNS; i++) {
      Phase outside = time.enter(phase);
      spend(700);
      Phase inside = time.leave();
      spend(5_000); // a request is answered
      time.back(inside);
      spend(300);
      time.back(outside);
      spend(9_000); // other connections
    }
    assertThat(counted).containsOnlyKeys(phase);
    assertThat((double) counted.get(phase))
        .isCloseTo(TURNS * 1_000.0, Percentage.withPercentage(5));
  }

  /** Reads and writes take turns: a fixed interval would measure one kind only. */
  @Test
  void aRhythmOfTurnsDoesNotDeceiveIt() {
    for (int i = 0; i < TURNS; i++) {
      Phase outside = time.enter(Phase.RECORDS);
      spend(i % 2 == 0 ? 100 : 1_900);
      time.back(outside);
    }
    assertThat(counted.get(Phase.RECORDS) / (TURNS * 1_000.0)).isCloseTo(1, within(0.06));
  }

  /** A request that comes with the last message of the handshake. */
  @Test
  void timeCountsForThePhaseThatItIsSpentIn() {
    for (int i = 0; i < TURNS; i++) {
      Phase outside = time.enter(Phase.HANDSHAKE);
      spend(1_000);
      Phase inside = time.leave();
      spend(10_000);
      Phase answering = time.enter(Phase.RECORDS);
      spend(400);
      Phase writing = time.leave();
      spend(20_000); // the socket
      time.back(writing);
      time.back(answering);
      time.back(inside);
      time.back(outside);
    }
    assertThat((double) counted.get(Phase.HANDSHAKE))
        .isCloseTo(TURNS * 1_000.0, Percentage.withPercentage(5));
    assertThat((double) counted.get(Phase.RECORDS))
        .isCloseTo(TURNS * 400.0, Percentage.withPercentage(5));
  }

  @Test
  void measuresNothingBeforeTheClockCanBeRead() {
    ThreadTime later = new ThreadTime();
    EngineTime early = new EngineTime(later, listener, new SplittableRandom(1));
    for (int i = 0; i < 1_000; i++) {
      Phase outside = early.enter(Phase.RECORDS);
      early.back(early.leave());
      early.back(outside);
    }
    Phase outside = early.enter(Phase.RECORDS);
    later.load();
    early.back(early.leave());
    early.back(outside);
    assertThat(counted).isEmpty();
  }
}
