package io.lockgate.exchange;

import io.lockgate.config.model.UpstreamConfig;
import io.lockgate.loop.Loop;
import io.lockgate.upstream.Attempt;
import io.lockgate.upstream.RequestFacts;
import io.lockgate.upstream.Upstream;
import io.lockgate.upstream.UpstreamEvents;
import io.lockgate.upstream.UpstreamFailure;
import java.util.ArrayList;
import java.util.List;

/** An upstream that opens streams, or refuses to, when the test says so. */
final class ScriptedUpstream implements Upstream {
  final List<ScriptedStream> streams = new ArrayList<>();
  final List<String> avoided = new ArrayList<>();
  int retriesGranted = 1;
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
  }

  @Override
  public boolean takeRetry(Loop loop, UpstreamConfig.Retry.Condition condition, int retries) {
    return condition == UpstreamConfig.Retry.Condition.RESET_BEFORE_RESPONSE
        && retries < retriesGranted;
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
