package io.lockgate.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A wheel turned by an embedded loop whose clock the test advances. */
class DeadlinesTest {
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final long start = TimeUnit.DAYS.toNanos(3);
  private long now = start;
  private final Deadlines deadlines = new Deadlines(channel.eventLoop(), () -> now);
  private final List<String> expired = new ArrayList<>();

  DeadlinesTest() {
    channel.freezeTime();
  }

  @AfterEach
  void close() {
    channel.close();
  }

  private Deadline named(String name) {
    return new Deadline() {
      @Override
      protected void expired() {
        expired.add(name);
      }
    };
  }

  private void pass(long millis) {
    long end = now + TimeUnit.MILLISECONDS.toNanos(millis);
    while (now < end) {
      now = Math.min(end, now + Deadlines.TICK_NANOS);
      channel.advanceTimeBy(Deadlines.TICK_NANOS, TimeUnit.NANOSECONDS);
      channel.runScheduledPendingTasks();
    }
  }

  private void arm(Deadline deadline, long millis) {
    deadlines.arm(deadline, TimeUnit.MILLISECONDS.toNanos(millis));
  }

  @Test
  void expiresOnceAfterItsTimeAndNotBefore() {
    Deadline deadline = named("a");
    arm(deadline, 1_000);
    pass(990);
    assertThat(expired).isEmpty();
    pass(120);
    assertThat(expired).containsExactly("a");
    pass(5_000);
    assertThat(expired).containsExactly("a");
    assertThat(deadline.armed()).isFalse();
  }

  @Test
  void movedFurtherAwayItExpiresAtTheNewTimeOnly() {
    Deadline deadline = named("a");
    arm(deadline, 1_000);
    pass(900);
    arm(deadline, 1_000);
    pass(900);
    assertThat(expired).isEmpty();
    pass(300);
    assertThat(expired).containsExactly("a");
  }

  @Test
  void movedNearerItExpiresAtTheNewTime() {
    Deadline deadline = named("a");
    arm(deadline, 60_000);
    arm(deadline, 200);
    pass(400);
    assertThat(expired).containsExactly("a");
  }

  @Test
  void disarmedOrPausedItNeverExpires() {
    Deadline disarmed = named("disarmed");
    Deadline paused = named("paused");
    arm(disarmed, 100);
    arm(paused, 100);
    deadlines.disarm(disarmed);
    deadlines.pause(paused);
    pass(1_000);
    assertThat(expired).isEmpty();
  }

  @Test
  void aPausedDeadlineCanBeArmedAgain() {
    Deadline deadline = named("a");
    arm(deadline, 1_000);
    deadlines.pause(deadline);
    arm(deadline, 100);
    pass(300);
    assertThat(expired).containsExactly("a");
  }

  @Test
  void longerThanARevolutionOfTheWheelIsStillExact() {
    arm(named("far"), 200_000);
    pass(199_900);
    assertThat(expired).isEmpty();
    pass(200);
    assertThat(expired).containsExactly("far");
  }

  @Test
  void anExpiryMayDisarmAndArmOthersOfTheSameMoment() {
    Deadline second = named("second");
    Deadline late = named("late");
    Deadline first =
        new Deadline() {
          @Override
          protected void expired() {
            expired.add("first");
            deadlines.disarm(second);
            arm(late, 100);
          }
        };
    arm(second, 100);
    arm(first, 100);
    pass(150);
    pass(300);
    assertThat(expired).contains("first", "late");
    assertThat(expired.contains("second") && expired.indexOf("second") > expired.indexOf("first"))
        .isFalse();
  }

  @Test
  void anExpiryMayArmAnotherOfTheSameMomentAnewWithoutLosingAThird() {
    Deadline moved = named("moved");
    Deadline other = named("other");
    Deadline waiting = named("waiting");
    Deadline mover =
        new Deadline() {
          @Override
          protected void expired() {
            arm(waiting, 200);
            arm(moved, 200);
          }
        };
    arm(other, 100);
    arm(moved, 100);
    arm(mover, 100);
    pass(150);
    assertThat(expired).contains("other");
    pass(300);
    assertThat(expired).contains("waiting").containsOnlyOnce("moved", "other");
  }

  @Test
  void aFaultInOneExpiryHarmsNoOther() {
    arm(named("before"), 100);
    arm(
        new Deadline() {
          @Override
          protected void expired() {
            throw new IllegalStateException("expected by the test");
          }
        },
        100);
    arm(named("after"), 100);
    arm(named("later"), 500);
    pass(1_000);
    assertThat(expired).containsExactlyInAnyOrder("before", "after", "later");
  }

  @Test
  void standsStillWhileNothingIsArmed() {
    Deadline deadline = named("a");
    arm(deadline, 100);
    pass(300);
    assertThat(channel.hasPendingTasks()).isFalse();
  }
}
