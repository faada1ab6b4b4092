package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.admin.AdminSources.UpgradeResult;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class DaemonControlTest {
  private static final int SIGINT = 2;
  private static final int SIGTERM = 15;

  private final List<Integer> ends = new ArrayList<>();
  private final RecordingOrders orders = new RecordingOrders();
  private final DaemonControl control = new DaemonControl(ends::add);

  @Nested
  class WhenAnotherProcessIsToTakeOver {
    @Test
    void drainsAndReturnsOnceItHas() throws InterruptedException {
      orders.upgrades = true;
      control.served();
      var result = control.upgrade();
      control.carryOut(orders);
      assertThat(orders.seen).containsExactly("upgrade", "drain");
      assertThat(result).isCompletedWithValue(new UpgradeResult(7, "2", ""));
    }

    @Test
    void goesOnWhereItHasNot() throws InterruptedException {
      control.served();
      var result = control.upgrade();
      control.reload();
      control.stop();
      control.carryOut(orders);
      assertThat(orders.seen).containsExactly("upgrade", "reload", "drain");
      assertThat(result).isCompletedWithValue(new UpgradeResult(7, "2", "no"));
    }

    @Test
    void isRefusedBeforeThisOneServes() {
      assertThat(control.upgrade().join().done()).isFalse();
    }
  }

  @Nested
  class BeforeItServes {
    @Test
    void aStopEndsTheProcessAtOnceAsNothingIsInHand() {
      control.stopBySignal(SIGTERM);
      assertThat(ends).containsExactly(0);
    }

    @Test
    void aReloadWaitsUntilItServes() throws InterruptedException {
      control.reload();
      control.served();
      control.stopBySignal(SIGTERM);
      control.carryOut(orders);
      assertThat(orders.seen).containsExactly("reload", "drain");
    }
  }

  @Nested
  class WhileItServes {
    @Test
    void carriesOutOrdersInTheirOrderAndReturnsAfterTheDrain() throws InterruptedException {
      control.served();
      control.reopenLogs();
      control.reload();
      control.stopBySignal(SIGTERM);
      control.reload();
      control.carryOut(orders);
      assertThat(orders.seen).containsExactly("reopen", "reload", "drain");
      assertThat(ends).as("the main thread ends the process").isEmpty();
    }

    @Test
    void aSecondStopEndsAtOnceWithTheNumberOfItsSignal() {
      control.served();
      control.stopBySignal(SIGTERM);
      control.stopBySignal(SIGINT);
      assertThat(ends).containsExactly(130);
    }

    @Test
    void aStopThatIsNoSignalNeverForcesTheEnd() throws InterruptedException {
      control.served();
      control.stop();
      control.stop();
      control.carryOut(orders);
      assertThat(orders.seen).containsExactly("drain");
      assertThat(ends).isEmpty();
    }

    @Test
    void theFirstSignalAfterAnAskedForDrainCutsNothingShort() {
      control.served();
      control.stop();
      control.stopBySignal(SIGTERM);
      assertThat(ends).isEmpty();
      control.stopBySignal(SIGTERM);
      assertThat(ends).containsExactly(143);
    }

    @Test
    void theFirstSignalAfterAnUpgradeCutsNothingShort() throws InterruptedException {
      control.served();
      orders.upgrades = true;
      control.upgrade();
      control.carryOut(orders);
      control.stopBySignal(SIGTERM);
      assertThat(ends).isEmpty();
    }
  }

  private static final class RecordingOrders implements DaemonControl.Orders {
    private final List<String> seen = new ArrayList<>();

    private boolean upgrades;

    @Override
    public UpgradeResult upgrade() {
      seen.add("upgrade");
      return new UpgradeResult(7, "2", upgrades ? "" : "no");
    }

    @Override
    public void reload() {
      seen.add("reload");
    }

    @Override
    public void reopenLogs() {
      seen.add("reopen");
    }

    @Override
    public void drain() {
      seen.add("drain");
    }
  }
}
