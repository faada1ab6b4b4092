package io.lockgate.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.config.model.BalanceConfig;
import io.lockgate.config.model.UpstreamConfig.Server;
import io.lockgate.loop.ManualLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Two addresses of one name, of which the first to accept is used. */
class AddressRaceTest {
  private static final Duration MOMENT = Duration.ofMillis(100);
  private static final Duration HEAD_START = Duration.ofMillis(350); // and two ticks

  private final ManualLoop loop = new ManualLoop();
  private final Events events = new Events();
  private final ServerSlot six = slot("app", "2001:db8::1");
  private final ServerSlot four = slot("app", "192.0.2.1");

  @AfterEach
  void nothingIsLeft() {
    loop.close();
    assertThat(events.places).as("places held for second attempts").isZero();
  }

  private static ServerSlot slot(String name, String address) {
    try {
      var outcomes =
          new Outcomes(
              TestServers.upstream(BalanceConfig.ROUND_ROBIN, Optional.empty()),
              () -> 0,
              (server, why) -> {});
      return new ServerSlot(
          new UpstreamServer(
              new Server(name, 80, 1),
              address,
              new InetSocketAddress(InetAddress.getByName(address), 80),
              new ServerStanding(ServerStanding.Listener.NONE, () -> 0)),
          outcomes);
    } catch (UnknownHostException e) {
      throw new AssertionError("a literal", e);
    }
  }

  /** Both sides of a race: attempts that the test decides, and what was told. */
  private final class Events implements AddressRace.Course, ServerConnector.Outcome {
    private final List<String> told = new ArrayList<>();
    private final Map<ServerSlot, ServerConnector.Outcome> attempts = new HashMap<>();
    private boolean full;
    private int places;

    private void tell(String what, ServerSlot slot) {
      told.add(what + " " + (slot == six ? "six" : "four"));
    }

    @Override
    public ConnectAttempt dial(ServerSlot slot, ServerConnector.Outcome outcome) {
      tell("dialed", slot);
      attempts.put(slot, outcome);
      return () -> {
        tell("abandoned", slot);
        outcome.notConnected(slot, UpstreamFailure.CONNECT_FAILED, "closed by us");
      };
    }

    @Override
    public boolean reservePlace() {
      places += full ? 0 : 1;
      return !full;
    }

    @Override
    public void releasePlace() {
      places--;
    }

    @Override
    public void entered(ServerSlot slot) {
      tell("entered", slot);
    }

    @Override
    public void failed(ServerSlot slot, UpstreamFailure failure, String reason) {
      tell("failed", slot);
    }

    @Override
    public void outrun(ServerSlot slot, String reason) {
      tell("outrun", slot);
    }

    @Override
    public void connected(UpstreamConnection connection) {
      tell("connected", connection.slot());
    }

    @Override
    public void notConnected(ServerSlot slot, UpstreamFailure failure, String reason) {
      tell("not connected " + failure, slot);
    }
  }

  private void begin() {
    new AddressRace(loop.loop().deadlines(), events, six, four, events).start();
  }

  private void connect(ServerSlot slot) {
    events.attempts.get(slot).connected(new IdleConnection(slot));
  }

  private void fail(ServerSlot slot, UpstreamFailure how) {
    events.attempts.get(slot).notConnected(slot, how, "as the test wants");
  }

  private void assertTold(String... what) {
    assertThat(events.told).containsExactly(what);
  }

  @Test
  void anAddressThatAcceptsAtOnceRunsAlone() {
    begin();
    loop.pass(MOMENT);
    connect(six);
    loop.pass(HEAD_START);
    assertTold("dialed six", "connected six");
    assertThat(loop.busy()).isFalse();
  }

  @Test
  void aSilentAddressIsOutrunByTheOtherFamilyAndAbandoned() {
    begin();
    loop.pass(HEAD_START);
    connect(four);
    assertTold(
        "dialed six",
        "entered four",
        "dialed four",
        "abandoned six",
        "outrun six",
        "connected four");
  }

  @Test
  void aSlowAddressMayStillWinAndTheLaterOneIsNotBlamed() {
    begin();
    loop.pass(HEAD_START);
    connect(six);
    assertTold("dialed six", "entered four", "dialed four", "abandoned four", "connected six");
  }

  @Test
  void anAddressThatRefusesGivesWayWithoutWaiting() {
    begin();
    fail(six, UpstreamFailure.CONNECT_FAILED);
    connect(four);
    assertTold("dialed six", "failed six", "entered four", "dialed four", "connected four");
  }

  @Test
  void oneFailureOfTwoLeavesTheOtherOneRunning() {
    begin();
    loop.pass(HEAD_START);
    fail(four, UpstreamFailure.CONNECT_FAILED);
    connect(six);
    assertTold("dialed six", "entered four", "dialed four", "failed four", "connected six");
  }

  @Test
  void twoFailuresAreOneOutcome() {
    begin();
    loop.pass(HEAD_START);
    fail(six, UpstreamFailure.CONNECT_TIMEOUT);
    fail(four, UpstreamFailure.CONNECT_FAILED);
    assertTold(
        "dialed six",
        "entered four",
        "dialed four",
        "failed six",
        "not connected CONNECT_FAILED four");
  }

  @Test
  void anAcceptedConnectionEndsTheRaceBeforeItsHandshake() {
    begin();
    events.attempts.get(six).accepted();
    loop.pass(HEAD_START);
    connect(six);
    assertTold("dialed six", "connected six");
  }

  @Test
  void aRefusedCertificateIsNoReasonToAskTheOtherFamily() {
    begin();
    events.attempts.get(six).accepted();
    fail(six, UpstreamFailure.TLS_VERIFY_FAILED);
    assertTold("dialed six", "not connected TLS_VERIFY_FAILED six");
    assertThat(loop.busy()).isFalse();
  }

  @Test
  void withoutAPlaceInTheBoundThereIsNoSecondAttempt() {
    events.full = true;
    begin();
    loop.pass(HEAD_START);
    fail(six, UpstreamFailure.CONNECT_TIMEOUT);
    assertTold("dialed six", "not connected CONNECT_TIMEOUT six");
  }

  @Nested
  class Rivals {
    private ServerSlot rival(ServerSlot... all) {
      return AddressRace.rivalOf(six, all, "", List.of());
    }

    @Test
    void areOfTheOtherFamilyOfTheSameName() {
      assertThat(rival(six, slot("app", "2001:db8::2"), slot("other", "192.0.2.9"))).isNull();
      assertThat(rival(six, four)).isSameAs(four);
    }

    @Test
    void haveTheFewestConnections() {
      ServerSlot busy = slot("app", "192.0.2.2");
      busy.activeCount = 1;
      assertThat(rival(six, busy, four)).isSameAs(four);
    }

    @Test
    void areReady() {
      four.server.standing().checksFail("the test wants it so", 0);
      assertThat(rival(six, four)).isNull();
    }

    @Test
    void haveNotFailedThisRequestBefore() {
      ServerSlot[] all = {six, four};
      assertThat(AddressRace.rivalOf(six, all, "192.0.2.1", List.of())).isNull();
      assertThat(AddressRace.rivalOf(six, all, "", List.of(six, four))).isNull();
    }
  }

  /** Stands for a connection of a server. */
  private record IdleConnection(ServerSlot slot) implements UpstreamConnection {
    @Override
    public boolean usable() {
      return true;
    }

    @Override
    public boolean shared() {
      return false;
    }

    @Override
    public boolean unused() {
      return true;
    }

    @Override
    public UpstreamStream begin(UpstreamEvents events) {
      throw new AssertionError("no request is sent");
    }

    @Override
    public void rest() {}

    @Override
    public void retire() {}

    @Override
    public void close() {}
  }
}
