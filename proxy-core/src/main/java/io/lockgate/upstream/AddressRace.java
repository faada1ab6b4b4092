package io.lockgate.upstream;

import io.lockgate.loop.Deadline;
import io.lockgate.loop.Deadlines;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * A connect to a server whose name has addresses of both families (Happy Eyeballs, RFC 8305 section
 * 5): where the address that was picked has not accepted after a moment, one of the other family is
 * tried beside it, and whichever accepts first is used. There are never more than two attempts, and
 * the second one needs a place of its own in the upstream's bound; without one there is no race.
 * What comes after TCP is not raced, so that a server whose handshakes are slow has none twice. On
 * the event loop of its connections.
 *
 * <pre>
 *   picked address -accepts-> used
 *                  -fails, or is silent for {@link #HEAD_START}-> the other one begins
 *   first to accept -> used; the other one is abandoned
 *   both fail -> failed
 * </pre>
 */
final class AddressRace extends Deadline {
  /** The Connection Attempt Delay that RFC 8305 section 5 recommends. */
  static final Duration HEAD_START = Duration.ofMillis(250);

  private static final String OUTRUN =
      "accepted nothing within "
          + HEAD_START.toMillis()
          + " ms, and another address of its name did";

  private final Deadlines deadlines;
  private final Course course;
  private final ServerConnector.Outcome outcome;
  private final Runner picked;
  private final Runner rival;
  private boolean extraPlace;

  /**
   * @param picked that the balancing chose
   * @param rival of the same name and the other family
   * @param outcome told exactly once
   */
  AddressRace(
      Deadlines deadlines,
      Course course,
      ServerSlot picked,
      ServerSlot rival,
      ServerConnector.Outcome outcome) {
    this.deadlines = deadlines;
    this.course = course;
    this.outcome = outcome;
    this.picked = new Runner(picked);
    this.rival = new Runner(rival);
  }

  /** What a race is run on. */
  interface Course {
    ConnectAttempt dial(ServerSlot slot, ServerConnector.Outcome outcome);

    /** For the second attempt; the first one has its place. */
    boolean reservePlace();

    void releasePlace();

    /** The second attempt begins. */
    void entered(ServerSlot slot);

    /** An attempt failed while the other one goes on. */
    void failed(ServerSlot slot, UpstreamFailure failure, String reason);

    /** The other one accepted first in spite of the head start. */
    void outrun(ServerSlot slot, String reason);
  }

  /**
   * Who may run against a server: ready, of the same name, of the other family, and among these the
   * one with the fewest connections. Null where there is none.
   *
   * @param all servers of the upstream
   * @param avoid address of a server that has just failed, or empty
   * @param tried that have refused this request already
   */
  static ServerSlot rivalOf(
      ServerSlot slot, ServerSlot[] all, String avoid, List<ServerSlot> tried) {
    ServerSlot best = null;
    for (ServerSlot other : all) {
      if (ofOtherFamily(slot.server, other.server)
          && other.server.standing().state() == ServerState.READY
          && !tried.contains(other)
          && !other.server.address().equals(avoid)
          && (best == null || connections(other) < connections(best))) {
        best = other;
      }
    }
    return best;
  }

  private static boolean ofOtherFamily(UpstreamServer one, UpstreamServer other) {
    return one.sharesNameWith(other)
        && one.socketAddress() instanceof InetSocketAddress its
        && other.socketAddress() instanceof InetSocketAddress others
        && its.getAddress().getClass() != others.getAddress().getClass();
  }

  private static int connections(ServerSlot slot) {
    return slot.activeCount + slot.idleCount;
  }

  /** Begins; the outcome may be told before this returns. */
  void start() {
    deadlines.arm(this, HEAD_START);
    picked.run();
  }

  @Override
  protected void expired() {
    extraPlace = course.reservePlace();
    if (extraPlace) {
      course.entered(rival.slot);
      rival.run();
    }
  }

  private void releaseExtra() {
    if (extraPlace) {
      extraPlace = false;
      course.releasePlace();
    }
  }

  private void accepted(Runner winner) {
    deadlines.disarm(this);
    Runner other = winner == picked ? rival : picked;
    if (other.state == State.RUNNING) {
      other.state = State.OVER;
      other.attempt.abandon();
      releaseExtra();
      if (other == picked) {
        course.outrun(other.slot, OUTRUN);
      }
    }
  }

  private void gaveUp(Runner loser, boolean early, UpstreamFailure failure, String reason) {
    Runner other = loser == picked ? rival : picked;
    if (other.state == State.RUNNING) {
      releaseExtra();
      course.failed(loser.slot, failure, reason);
    } else if (other.state == State.WAITING && early && failure == UpstreamFailure.CONNECT_FAILED) {
      deadlines.disarm(this);
      course.failed(loser.slot, failure, reason);
      course.entered(other.slot);
      other.run();
    } else {
      deadlines.disarm(this);
      outcome.notConnected(loser.slot, failure, reason);
    }
  }

  private enum State {
    WAITING,
    RUNNING,
    ACCEPTED,
    OVER
  }

  /** One of the two. */
  private final class Runner implements ServerConnector.Outcome {
    private final ServerSlot slot;
    private ConnectAttempt attempt;
    private State state = State.WAITING;

    Runner(ServerSlot slot) {
      this.slot = slot;
    }

    void run() {
      state = State.RUNNING;
      attempt = course.dial(slot, this);
    }

    @Override
    public void accepted() {
      if (state == State.RUNNING) {
        state = State.ACCEPTED;
        AddressRace.this.accepted(this);
      }
    }

    @Override
    public void connected(UpstreamConnection connection) {
      accepted();
      state = State.OVER;
      outcome.connected(connection);
    }

    @Override
    public void notConnected(ServerSlot at, UpstreamFailure failure, String reason) {
      if (state != State.OVER) {
        boolean early = state == State.RUNNING;
        state = State.OVER;
        gaveUp(this, early, failure, reason);
      }
    }
  }
}
