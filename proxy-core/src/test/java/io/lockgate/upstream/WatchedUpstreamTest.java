package io.lockgate.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.config.model.BalanceConfig;
import io.lockgate.config.model.BalanceConfig.Method;
import io.lockgate.config.model.BalanceConfig.StickyCookie;
import io.lockgate.config.model.UpstreamConfig.Server;
import io.lockgate.http.FieldSection;
import io.lockgate.http.ResponseHead;
import io.lockgate.testkit.Patience;
import io.lockgate.testkit.ScriptedOrigin;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes on around an upstream's requests: checks, ejection, operators. */
class WatchedUpstreamTest {
  private static final Duration LONG = Duration.ofHours(1);
  private static final BalanceConfig STICKY =
      new BalanceConfig(
          Method.Even.ROUND_ROBIN,
          Optional.of(
              new StickyCookie(
                  "srv", Duration.ZERO, true, StickyCookie.SameSite.LAX, Optional.empty())),
          Duration.ZERO,
          0,
          0);

  private final List<AutoCloseable> toClose = new ArrayList<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private final TestLoops loops = new TestLoops();

  @AfterEach
  void close() throws Exception {
    end.countDown();
    loops.close();
    for (AutoCloseable each : toClose) {
      each.close();
    }
  }

  /** Answers every request with the status that stands there at the time. */
  private ScriptedOrigin answering(AtomicInteger status) throws IOException {
    ScriptedOrigin origin =
        ScriptedOrigin.playing(
            peer -> {
              while (peer.hasRequest()) {
                peer.write("HTTP/1.1 " + status + " As Told\r\nContent-Length: 2\r\n\r\nok");
              }
            });
    toClose.add(origin);
    return origin;
  }

  private ScriptedOrigin good() throws IOException {
    return answering(new AtomicInteger(200));
  }

  private static String state(UpstreamPool pool, int server) {
    return pool.figures().get(server).state().name();
  }

  private static void awaitState(UpstreamPool pool, int server, ServerState state) {
    Patience.until(
        "server " + server + " is " + state, () -> state(pool, server), state.name()::equals);
  }

  @Nested
  class Checks {
    private final AtomicInteger status = new AtomicInteger(200);

    @Test
    void takeAServerOutThatAnswersBadlyAndBackAgain() throws IOException {
      ScriptedOrigin checked = answering(status);
      UpstreamPool pool =
          loops.watched(
              TestUpstream.at(checked.address(), good().address())
                  .checked(Optional.of("/health"))
                  .config(),
              Optional.empty());
      status.set(500);
      awaitState(pool, 0, ServerState.UNHEALTHY);
      assertThat(pool.figures().get(0).error()).contains("status 500");
      for (int i = 0; i < 5; i++) {
        assertThat(loops.get(pool).server()).isNotEqualTo(checked.address());
      }
      status.set(204);
      awaitState(pool, 0, ServerState.READY);
      assertThat(checked.received()).contains("GET /health HTTP/1.1", "Host: " + checked.address());
    }

    @Test
    void needNoPathToSeeThatNobodyListens() throws IOException {
      ScriptedOrigin origin = good();
      UpstreamPool pool =
          loops.watched(
              TestUpstream.at(origin.address()).checked(Optional.empty()).config(),
              Optional.empty());
      Patience.until("it was checked", () -> pool.healthChecks()[0] > 3);
      assertThat(state(pool, 0)).isEqualTo("READY");
      origin.close();
      awaitState(pool, 0, ServerState.UNHEALTHY);
    }

    @Test
    void takeAServerOutThatAcceptsAndNeverAnswers() throws IOException {
      ScriptedOrigin silent = ScriptedOrigin.playing(peer -> peer.await(end));
      toClose.add(silent);
      UpstreamPool pool =
          loops.watched(
              TestUpstream.at(silent.address()).checkedWithin(Duration.ofMillis(50)).config(),
              Optional.empty());
      awaitState(pool, 0, ServerState.UNHEALTHY);
      assertThat(pool.figures().get(0).error()).contains("no answer in time");
    }

    @Test
    void ofAReplacedPoolLeaveWhatTheyFound() throws IOException {
      status.set(503);
      TestUpstream upstream =
          TestUpstream.at(answering(status).address(), good().address())
              .checked(Optional.of("/health"));
      UpstreamPool before = loops.watched(upstream.config(), Optional.empty());
      awaitState(before, 0, ServerState.UNHEALTHY);
      UpstreamPool after =
          loops.unwatched(upstream.maxConnections(7).config(), Optional.of(before));
      assertThat(state(after, 0)).isEqualTo("UNHEALTHY");
      assertThat(state(after, 1)).isEqualTo("READY");
    }

    @Test
    void endWithTheirUpstream() throws IOException {
      UpstreamPool pool =
          loops.watched(
              TestUpstream.at(good().address()).checked(Optional.of("/health")).config(),
              Optional.empty());
      Patience.until("it was checked", () -> pool.healthChecks()[0] > 0);
      loops.watched(TestUpstream.at(good().address()).config(), Optional.empty());
      loops.settleWatch();
      long checks = pool.healthChecks()[0];
      loops.settleWatch();
      assertThat(pool.healthChecks()[0]).isLessThanOrEqualTo(checks + 1);
    }
  }

  @Nested
  class Ejecting {
    @Test
    void takesAServerOutAfterFailuresInARow() throws IOException {
      AtomicInteger status = new AtomicInteger(200);
      ScriptedOrigin failing = answering(status);
      UpstreamPool pool =
          loops.watched(
              TestUpstream.at(failing.address(), good().address()).ejecting(3, LONG, 50).config(),
              Optional.empty());
      status.set(503);
      for (int i = 0; i < 6; i++) {
        loops.get(pool);
      }
      awaitState(pool, 0, ServerState.EJECTED);
      assertThat(pool.figures().get(0).error()).contains("3 failures in a row").contains("503");
      for (int i = 0; i < 4; i++) {
        assertThat(loops.get(pool).outcome()).isEqualTo("200 ok");
      }
      assertThat(pool.figures().get(0).ejections()).isEqualTo(1);
    }

    @Test
    void letsItReturnAfterAWhile() throws IOException {
      AtomicInteger status = new AtomicInteger(502);
      UpstreamPool pool =
          loops.watched(
              TestUpstream.at(answering(status).address(), good().address())
                  .ejecting(1, Duration.ofMillis(20), 50)
                  .config(),
              Optional.empty());
      loops.get(pool);
      loops.get(pool);
      Patience.until("it was ejected", () -> pool.figures().get(0).ejections() == 1);
      awaitState(pool, 0, ServerState.READY);
    }

    @Test
    void sparesMoreThanTheShareThatMayBeOut() throws IOException {
      AtomicInteger status = new AtomicInteger(504);
      UpstreamPool pool =
          loops.watched(
              TestUpstream.at(answering(status).address(), answering(status).address())
                  .ejecting(1, LONG, 50)
                  .config(),
              Optional.empty());
      for (int i = 0; i < 6; i++) {
        loops.get(pool);
      }
      loops.settleWatch();
      assertThat(pool.figures().stream().filter(s -> s.state() == ServerState.EJECTED)).hasSize(1);
    }

    @Test
    void forgivesFailuresThatAreNotInARow() throws IOException {
      AtomicInteger status = new AtomicInteger();
      UpstreamPool pool =
          loops.watched(
              TestUpstream.at(answering(status).address(), good().address())
                  .ejecting(2, LONG, 50)
                  .config(),
              Optional.empty());
      for (int i = 0; i < 8; i++) {
        status.set(i % 4 < 2 ? 503 : 500);
        loops.get(pool);
      }
      loops.settleWatch();
      assertThat(state(pool, 0)).isEqualTo("READY");
    }
  }

  @Nested
  class Operators {
    @Test
    void keepRequestsFromAServerUntilTheySayOtherwise() throws IOException {
      ScriptedOrigin one = good();
      UpstreamPool pool =
          loops.watched(
              TestUpstream.at(one.address(), good().address()).config(), Optional.empty());
      loops.get(pool);
      loops.get(pool);
      assertThat(pool.wish(one.address(), "drain")).isTrue();
      loops.awaitRest(pool, 1);
      for (int i = 0; i < 4; i++) {
        assertThat(loops.get(pool).server()).isNotEqualTo(one.address());
      }
      assertThat(pool.wish("127.0.0.1:1", "drain")).isFalse();
      pool.readyAll();
      assertThat(state(pool, 0)).isEqualTo("READY");
    }

    @Test
    void thatKeepThemFromAllServersHaveThemAnsweredThatNoneIsThere() throws IOException {
      ScriptedOrigin one = good();
      UpstreamPool pool = loops.watched(TestUpstream.at(one.address()).config(), Optional.empty());
      pool.wish(one.address(), "maintenance");
      assertThat(loops.get(pool).outcome()).isEqualTo("NO_SERVER");
    }
  }

  @Test
  void aClientComesBackToItsServerEvenAtTheBound() throws IOException {
    UpstreamPool pool =
        loops.watched(
            TestUpstream.at(good().address(), good().address())
                .balance(STICKY)
                .maxConnections(1)
                .config(),
            Optional.empty());
    TestRequest first = loops.get(pool);
    FieldSection fields = cookieFor(pool, first);
    TestRequest other = loops.get(pool);
    assertThat(other.server()).as("a new client goes on").isNotEqualTo(first.server());
    TestRequest back = TestRequest.send(pool, loops.loop(0), fields).awaitEnd();
    assertThat(back.outcome()).isEqualTo("200 ok");
    assertThat(back.server()).isEqualTo(first.server());
  }

  @Test
  void aClientWhoseServerHasGoneIsGivenAnotherAndItsCookie() throws IOException {
    ScriptedOrigin one = good();
    ScriptedOrigin other = good();
    UpstreamPool pool =
        loops.watched(
            TestUpstream.at(one.address(), other.address()).balance(STICKY).config(),
            Optional.empty());
    TestRequest first = loops.get(pool);
    FieldSection cookie = cookieFor(pool, first);
    (first.server().equals(one.address()) ? one : other).close();
    TestRequest moved = TestRequest.send(pool, loops.loop(0), cookie).awaitEnd();
    if (moved.outcome().equals("CLOSED_BEFORE_RESPONSE")) {
      // The kept connection was stale, which the exchange is told, and asks again.
      moved = TestRequest.send(pool, loops.loop(1), cookie).awaitEnd();
    }
    assertThat(moved.outcome()).isEqualTo("200 ok");
    assertThat(moved.server()).isNotEqualTo(first.server());
    assertThat(cookieFor(pool, moved).value(0)).isNotEqualTo(cookie.value(0));
  }

  private FieldSection cookieFor(UpstreamPool pool, TestRequest answered) {
    return CompletableFuture.supplyAsync(
            () -> {
              ResponseHead head = new ResponseHead().compose(200, 0);
              pool.sign(loops.loop(0), head, answered, answered.server());
              String field = head.fields().value(head.fields().find("Set-Cookie"));
              FieldSection cookie = new FieldSection();
              cookie.append("Cookie", field.substring(0, field.indexOf(';')));
              return cookie;
            },
            loops.loop(0).executor())
        .join();
  }

  @Test
  void aServerMayBeAUnixSocket(@TempDir Path directory) throws IOException {
    Path path = directory.resolve("s");
    ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    toClose.add(listening);
    listening.bind(UnixDomainSocketAddress.of(path));
    Thread thread =
        new Thread(
            () -> {
              try (SocketChannel peer = listening.accept()) {
                peer.read(ByteBuffer.allocate(1024));
                peer.write(
                    ByteBuffer.wrap(
                        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
                            .getBytes(StandardCharsets.ISO_8859_1)));
                end.await();
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    UpstreamPool pool =
        loops.watched(TestUpstream.of(Server.unix(path.toString())).config(), Optional.empty());
    TestRequest request = loops.get(pool);
    assertThat(request.outcome()).isEqualTo("200 ok");
    assertThat(request.server()).isEqualTo("unix:" + path);
  }
}
