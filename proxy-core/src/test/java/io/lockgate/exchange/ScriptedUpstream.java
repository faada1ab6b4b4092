package io.lockgate.exchange;

import io.lockgate.config.model.UpstreamConfig;
import io.lockgate.loop.Loop;
import io.lockgate.upstream.Attempt;
import io.lockgate.upstream.RequestFacts;
import io.lockgate.upstream.RetryTerms;
import io.lockgate.upstream.Upstream;
import io.lockgate.upstream.UpstreamEvents;
import io.lockgate.upstream.UpstreamFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** An upstream that opens streams, or refuses to, when the test says so. */
final class ScriptedUpstream implements Upstream {
  final List<ScriptedStream> streams = new ArrayList<>();
  final List<String> avoided = new ArrayList<>();
  final List<Boolean> fresh = new ArrayList<>();
  int retriesGranted = 1;
  boolean budget = true;
  int replayBytes;
  long perTryNanos;
  boolean nextIsReused;
  private UpstreamEvents waiting;

  @Override
  public String name() {
    return "app";
  }

  @Override
  public void open(Loop loop, UpstreamEvents events, RequestFacts facts, Attempt attempt) {
    if (waiting != null) {
      throw new AssertionError("opened twice at once");
    }
    waiting = events;
    avoided.add(attempt.avoid());
    fresh.add(attempt.fresh());
  }

  @Override
  public RetryTerms retryTerms() {
    return new RetryTerms(
        retriesGranted, Set.of(UpstreamConfig.Retry.Condition.RESET_BEFORE_RESPONSE), perTryNanos);
  }

  @Override
  public boolean takeRetry(Loop loop) {
    return budget;
  }

  @Override
  public int replayBytes() {
    return replayBytes;
  }

  boolean asked() {
    return waiting != null;
  }

  /** Gives the request a stream; answers it, whether or not it is still wanted. */
  ScriptedStream open() {
    UpstreamEvents events = waiting;
    waiting = null;
    ScriptedStream stream =
        new ScriptedStream(events, "10.0.0." + (streams.size() + 1) + ":80", nextIsReused);
    streams.add(stream);
    events.opened(stream);
    return stream;
  }

  void refuse(UpstreamFailure why) {
    UpstreamEvents events = waiting;
    waiting = null;
    events.notOpened(why, "10.0.0.9:80");
  }
}
