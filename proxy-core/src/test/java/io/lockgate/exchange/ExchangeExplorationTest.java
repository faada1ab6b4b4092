package io.lockgate.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.loop.ManualLoop;
import io.lockgate.route.TestHeads;
import io.lockgate.upstream.UpstreamFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Walks through events in any order that can happen; what must always hold holds at every step. */
class ExchangeExplorationTest {
  private static final int STEPS = 40;
  private static final List<UpstreamFailure> REFUSALS =
      List.of(
          UpstreamFailure.CONNECT_FAILED,
          UpstreamFailure.CONNECT_TIMEOUT,
          UpstreamFailure.QUEUE_FULL,
          UpstreamFailure.WAIT_TIMEOUT);
  private static final String[] REQUESTS = {
    "GET / HTTP/1.1|Host: a||",
    "POST / HTTP/1.1|Host: a||",
    "PUT / HTTP/1.1|Host: a|Content-Length: 100||",
    "PUT / HTTP/1.1|Host: a|Transfer-Encoding: chunked||",
    "POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked||"
  };

  @ParameterizedTest(name = "seeds from {0}")
  @CsvSource({"0", "100000", "200000", "300000"})
  void endsExactlyOnceAndHoldsNothingInAnyOrderOfEvents(long first) {
    try (ManualLoop loop = new ManualLoop()) {
      for (long seed = first; seed < first + 1000; seed++) {
        new Walk(loop, seed).run();
      }
    }
  }

  /** One exchange led by chance. */
  private static final class Walk {
    private final Random random;
    private final Scene scene;
    private final List<String> history = new ArrayList<>();
    private Exchange exchange;
    private boolean contentOpen;
    private boolean responseBegun;

    Walk(ManualLoop loop, long seed) {
      random = new Random(seed);
      scene = new Scene(loop);
      history.add("seed " + seed);
    }

    void run() {
      scene.upstream.retriesGranted = random.nextInt(3);
      scene.timeout = random.nextBoolean() ? Optional.of(Duration.ofSeconds(2)) : Optional.empty();
      scene.maxBody = random.nextInt(3) == 0 ? OptionalLong.of(100) : OptionalLong.empty();
      int request = random.nextInt(REQUESTS.length);
      contentOpen = request >= 2;
      history.add(REQUESTS[request]);
      exchange = scene.begin(REQUESTS[request]);
      check();
      for (int i = 0; i < STEPS; i++) {
        step();
        check();
      }
      history.add("client gone");
      exchange.clientGone();
      contentOpen = false;
      check();
      assertThat(scene.listener.ended).as("ends in %s", history).isEqualTo(1);
      if (scene.upstream.asked()) {
        scene.upstream.open();
      }
      check();
    }

    private void step() {
      switch (random.nextInt(7)) {
        case 0, 1 -> clientSends();
        case 2 -> clientStateChanges();
        case 3 -> upstreamAnswersTheCall();
        case 4, 5 -> serverAnswers();
        default -> serverStateChanges();
      }
    }

    private void clientSends() {
      if (!contentOpen) {
        return;
      }
      switch (random.nextInt(4)) {
        case 0 -> {
          note("request ends");
          contentOpen = false;
          exchange.requestEnd(TestHeads.fields("sum", "1"));
        }
        default -> {
          note("request content");
          exchange.requestData(scene.buffers.of("x".repeat(1 + random.nextInt(40))));
        }
      }
    }

    private void clientStateChanges() {
      switch (random.nextInt(12)) {
        case 0 -> {
          note("client gone");
          contentOpen = false;
          exchange.clientGone();
        }
        case 1 -> {
          if (contentOpen) {
            note("request broken");
            contentOpen = false;
            exchange.requestBroken(Failure.CONTENT_MALFORMED);
          }
        }
        case 2 -> {
          note("time passes");
          scene.loop.pass(Duration.ofMillis(700));
        }
        default -> {
          note("client writable or not");
          scene.client.writable = !scene.client.writable;
          exchange.clientWritable(scene.client.writable);
        }
      }
    }

    private void upstreamAnswersTheCall() {
      if (!scene.upstream.asked()) {
        return;
      }
      if (random.nextInt(5) == 0) {
        note("not opened");
        scene.upstream.refuse(REFUSALS.get(random.nextInt(REFUSALS.size())));
      } else {
        note("opened");
        scene.upstream.nextIsReused = random.nextBoolean();
        scene.upstream.open();
        responseBegun = false;
      }
    }

    private void serverAnswers() {
      ScriptedStream server = server();
      if (server == null) {
        return;
      }
      if (!responseBegun) {
        if (random.nextInt(4) == 0) {
          note("interim");
          server.interim(103);
        } else {
          note("response head");
          responseBegun = true;
          server.respond("HTTP/1.1 200 OK|Transfer-Encoding: chunked||");
        }
      } else if (random.nextInt(3) == 0) {
        note("response ends");
        server.end("sum", "2");
      } else {
        note("response content");
        server.send(scene.buffers.of("y".repeat(1 + random.nextInt(40))));
      }
    }

    private void serverStateChanges() {
      ScriptedStream server = server();
      if (server == null) {
        return;
      }
      if (random.nextInt(3) == 0) {
        note("failed");
        server.fail(
            responseBegun
                ? UpstreamFailure.CLOSED_IN_RESPONSE
                : UpstreamFailure.CLOSED_BEFORE_RESPONSE);
      } else {
        note("server writable or not");
        server.room(!server.writable);
      }
    }

    private ScriptedStream server() {
      List<ScriptedStream> streams = scene.upstream.streams;
      ScriptedStream last = streams.isEmpty() ? null : streams.get(streams.size() - 1);
      return last != null && last.live() ? last : null;
    }

    private void check() {
      boolean over = scene.listener.ended > 0;
      assertThat(scene.client.breaches).as("towards the client in %s", history).isEmpty();
      scene.upstream.streams.forEach(
          s -> assertThat(s.breaches).as("towards the server in %s", history).isEmpty());
      assertThat(scene.listener.started).isEqualTo(1);
      assertThat(scene.listener.ended).as("ends in %s", history).isLessThanOrEqualTo(1);
      assertThat(scene.client.exchangeEnds).as("%s", history).isEqualTo(scene.listener.ended);
      if (over) {
        assertThat(scene.buffers.held()).as("buffers held after %s", history).isZero();
        assertThat(server()).as("server still held after %s", history).isNull();
        boolean ended = scene.client.ends == 1 || scene.client.aborts == 1;
        boolean gone = history.contains("client gone");
        assertThat(ended || gone).as("client left without an end in %s", history).isTrue();
      }
    }

    private void note(String event) {
      history.add(event);
    }
  }
}
