package io.lockgate.upstream;

import io.lockgate.config.model.UpstreamConfig.Protocol;
import io.lockgate.testkit.ScriptedOrigin;
import io.lockgate.testkit.TlsSide;
import io.lockgate.upstream.TestLoops.Settings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Servers on loopback that do whatever a test wants them to, and pools towards them on two event
 * loops.
 */
final class UpstreamScene implements AutoCloseable {
  static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  /** For what must not happen within a test. */
  static final Duration LONG = Duration.ofSeconds(30);

  /** For what a test waits for. */
  static final Duration SHORT = Duration.ofMillis(300);

  final TestLoops loops;

  /** Servers may wait for it; counted down at the latest when the test is over. */
  final CountDownLatch latch = new CountDownLatch(1);

  private final List<ScriptedOrigin> origins = new ArrayList<>();

  UpstreamScene() {
    this(new TestLoops());
  }

  UpstreamScene(TestLoops loops) {
    this.loops = loops;
  }

  /** Gives every request the same response. */
  ScriptedOrigin answering(String response) throws IOException {
    return kept(ScriptedOrigin.answering(response));
  }

  ScriptedOrigin playing(ScriptedOrigin.Script script) throws IOException {
    return kept(ScriptedOrigin.playing(script));
  }

  ScriptedOrigin playing(TlsSide side, ScriptedOrigin.Script script) throws IOException {
    return kept(ScriptedOrigin.playing(side, script));
  }

  /** Answers every request, but the first only when the test says so. */
  ScriptedOrigin holdingTheFirst() throws IOException {
    return playing(
        peer -> {
          while (peer.hasRequest()) {
            if (peer.number() == 1) {
              peer.await(latch);
            }
            peer.write(OK);
          }
        });
  }

  /** Closed with the others. */
  ScriptedOrigin kept(ScriptedOrigin origin) {
    origins.add(origin);
    return origin;
  }

  /** The address of a server that takes no connection. */
  static String refusing() throws IOException {
    ScriptedOrigin gone = ScriptedOrigin.answering(OK);
    gone.close();
    return gone.address();
  }

  // ---- over HTTP/2

  UpstreamPool http2Pool(ScriptedOrigin... servers) {
    return http2Pool(settings -> settings, servers);
  }

  UpstreamPool http2Pool(UnaryOperator<Settings> how, ScriptedOrigin... servers) {
    return loops.pool(
        Protocol.H2,
        how,
        Optional.empty(),
        Stream.of(servers).map(ScriptedOrigin::address).toArray(String[]::new));
  }

  /** What becomes of a GET that is answered so. */
  String outcomeOf(Http2Answer answer) throws IOException {
    ScriptedOrigin origin =
        playing(
            peer -> {
              Http2Peer h2 = Http2Peer.greet(peer);
              answer.to(h2, h2.request().stream());
              h2.codeOfGoAway();
            });
    return loops.get(http2Pool(origin)).outcome();
  }

  /** What a server does on the stream of a request. */
  interface Http2Answer {
    void to(Http2Peer peer, int stream) throws IOException;
  }

  @Override
  public void close() throws IOException {
    latch.countDown();
    loops.close();
    for (ScriptedOrigin origin : origins) {
      origin.close();
    }
  }
}
