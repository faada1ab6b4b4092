package io.lockgate.client;

import static io.lockgate.client.Frames.END_HEADERS;
import static io.lockgate.client.Frames.END_STREAM;
import static io.lockgate.client.Frames.all;
import static io.lockgate.client.Frames.block;
import static io.lockgate.client.Frames.data;
import static io.lockgate.client.Frames.frame;
import static io.lockgate.client.Frames.get;
import static io.lockgate.client.Frames.headers;
import static io.lockgate.client.Frames.ping;
import static io.lockgate.client.Frames.post;
import static io.lockgate.client.Frames.preface;
import static io.lockgate.client.Frames.reset;
import static io.lockgate.client.Frames.settings;
import static io.lockgate.client.Frames.window;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One client attacks; another one on the same event loop is to notice nothing. */
class Http2AbuseTest {
  private static final int INITIAL_WINDOW_SIZE = 4;
  private static final int MAX_HEADER_LIST_SIZE = 6;
  private static final int MOST_ANSWERED_BYTES = 64 * 1024;

  private final ClientScene good = new ClientScene(true, Http2HandlerBuilder::build);
  private final ClientScene attacker = new ClientScene(true, Http2HandlerBuilder::build, good.loop);

  @BeforeEach
  void begin() {
    good.send(preface());
    good.sent();
    attacker.send(preface());
    attacker.sent();
  }

  @AfterEach
  void close() {
    attacker.channel.finishAndReleaseAll();
    good.close();
  }

  /** Each limit stands in the scene's configuration with a small number of its own. */
  @ParameterizedTest
  @MethodSource("attacks")
  void cutsOffTheAttackerAndServesTheOther(
      String attack, String key, int most, String reason, IntFunction<ByteBuf> round) {
    int rounds = 0;
    while (attacker.channel.isOpen() && rounds <= most) {
      attacker.send(round.apply(1 + 2 * rounds));
      good.send(get(1 + 2 * rounds++, "/pong"));
      assertThat(Frames.describe(good.sent())).as("the other client's answer").hasSize(2);
    }
    assertThat(attacker.channel.isOpen()).as(attack + " within " + key).isFalse();
    assertThat(attacker.rejections).as("counted").contains(reason);
    assertThat(attacker.server.streams.size()).as("requests forwarded").isLessThanOrEqualTo(most);
    ByteBuf answers = attacker.sent();
    assertThat(answers.readableBytes()).as("octets made").isLessThan(MOST_ANSWERED_BYTES);
    assertThat(Frames.describe(answers)).last().asString().endsWith("ENHANCE_YOUR_CALM");
  }

  static Stream<Arguments> attacks() {
    return Stream.of(
        attack(
            "Rapid Reset", "max-resets", 21, "too_many_streams_reset", Http2AbuseTest::rapidReset),
        attack(
            "resets of closed streams",
            "max-resets",
            21,
            "too_many_streams_reset",
            Http2AbuseTest::lateReset),
        attack(
            "MadeYouReset",
            "max-resets",
            21,
            "too_many_stream_errors",
            Http2AbuseTest::madeYouReset),
        attack(
            "stream windows", "max-resets", 21, "too_many_stream_errors", Http2AbuseTest::overflow),
        attack("SETTINGS", "max-settings", 11, "too_many_settings", id -> settings()),
        attack(
            "windows up and down",
            "max-settings",
            11,
            "too_many_settings",
            Http2AbuseTest::upAndDown),
        attack("SETTINGS acks", "max-settings", 11, "too_many_settings", id -> frame(4, 1, 0)),
        attack("PING", "max-pings", 11, "too_many_pings", id -> ping()),
        attack("PING acks", "max-pings", 11, "too_many_pings", id -> frame(6, 1, 0, new byte[8])),
        attack(
            "PRIORITY", "max-other-frames", 21, "too_many_other_frames", Http2AbuseTest::priority),
        attack(
            "PRIORITY_UPDATE",
            "max-other-frames",
            21,
            "too_many_other_frames",
            Http2AbuseTest::update),
        attack("unknown", "max-other-frames", 21, "too_many_other_frames", id -> frame(99, 0, id)),
        attack(
            "GOAWAY",
            "max-other-frames",
            21,
            "too_many_other_frames",
            id -> frame(7, 0, 0, eight())),
        attack(
            "WINDOW_UPDATE",
            "max-window-updates",
            27,
            "too_many_window_updates",
            id -> window(0, 1)),
        attack("empty DATA", "max-empty-frames", 12, "too_many_empty_frames", body("")),
        attack("DATA of an octet", "max-small-frames", 31, "too_many_small_frames", body("x")),
        attack(
            "DATA for a stream that is over",
            "max-small-frames",
            31,
            "too_many_small_frames",
            id -> late(id, "x")),
        attack(
            "more DATA for a stream that is over",
            "max-small-frames",
            31,
            "too_many_small_frames",
            id -> late(id, "x".repeat(100))),
        attack(
            "HPACK bombs",
            "max-resets",
            2,
            "too_many_stream_errors",
            id -> headers(id, END_STREAM | END_HEADERS, indexedOften(5000))),
        attack("CONTINUATION", "16", 20, "too_many_continuations", Http2AbuseTest::continuation));
  }

  private static Arguments attack(
      String attack, String key, int most, String reason, IntFunction<ByteBuf> round) {
    return Arguments.of(attack, key, most, reason, round);
  }

  private static byte[] eight() {
    return new byte[8];
  }

  private static ByteBuf rapidReset(int id) {
    return all(get(id, "/app"), reset(id));
  }

  private static ByteBuf lateReset(int id) {
    return id == 1 ? all(get(1, "/pong"), reset(1)) : reset(1);
  }

  /** CVE-2025-8671: what the client sends makes us reset. */
  private static ByteBuf madeYouReset(int id) {
    return all(get(id, "/app"), window(id, 0));
  }

  private static ByteBuf overflow(int id) {
    return all(get(id, "/app"), window(id, Integer.MAX_VALUE));
  }

  private static ByteBuf upAndDown(int id) {
    return settings(INITIAL_WINDOW_SIZE, id % 4 == 1 ? 0 : 1 << 30);
  }

  private static ByteBuf priority(int id) {
    return frame(2, 0, id, new byte[] {0, 0, 0, 0, 1});
  }

  private static ByteBuf update(int id) {
    return frame(16, 0, 0, new byte[] {0, 0, 0, (byte) id, 'i'});
  }

  private static IntFunction<ByteBuf> body(String content) {
    return id -> id == 1 ? all(post(1, "/app"), data(1, 0, content)) : data(1, 0, content);
  }

  /** The answer comes before the end of the request, which is then of no interest. */
  private static ByteBuf late(int id, String content) {
    return id == 1 ? post(1, "/pong") : data(1, 0, content);
  }

  private static ByteBuf continuation(int id) {
    return id == 1
        ? headers(1, END_STREAM, block("GET", "/pong"))
        : frame(9, 0, 1, new byte[] {32});
  }

  @Test
  void answers431ToAHeaderBomb() {
    ByteBuf bomb = headers(1, END_STREAM | END_HEADERS, indexedOften(5000));
    attacker.send(bomb);
    assertThat(attacker.rejections).isNotEmpty();
    assertThat(attacker.server.streams).as("requests forwarded").isEmpty();
  }

  /** An entry of the dynamic table, and then an octet each time it is meant. */
  private static byte[] indexedOften(int times) {
    byte[] first = new byte[3 + 1 + 100 + times];
    first[0] = 0x40; // literal with indexing, new name
    first[1] = 1;
    first[2] = 'x';
    first[3] = 100;
    java.util.Arrays.fill(first, 4, 104, (byte) 'y');
    java.util.Arrays.fill(first, 104, first.length, (byte) 0xbe); // index 62
    return first;
  }

  /** The crumbs of CVE-2026-47774: of a few octets each, joined into one field. */
  @Test
  void countsEachCrumbOfACookieAsAField() {
    byte[] block = block("GET", "/app");
    byte[] crumbs = java.util.Arrays.copyOf(block, block.length + 2000);
    java.util.Arrays.fill(crumbs, block.length, crumbs.length, (byte) 0xa0); // an empty cookie
    attacker.send(headers(1, END_STREAM | END_HEADERS, crumbs));
    assertThat(Frames.describe(attacker.sent())).first().asString().startsWith("headers 1 431");
    assertThat(attacker.server.streams).as("requests forwarded").isEmpty();
  }

  /** Nothing is held for a bomb whose answer nobody takes. */
  @Test
  void refusesABombAlsoWhereNoWindowIsOpen() {
    attacker.send(settings(INITIAL_WINDOW_SIZE, 0));
    for (int id = 1; attacker.channel.isOpen() && id < 100; id += 2) {
      attacker.send(headers(id, END_STREAM | END_HEADERS, indexedOften(5000)));
    }
    assertThat(attacker.server.streams).as("requests forwarded").isEmpty();
    assertThat(attacker.sent().readableBytes()).isLessThan(MOST_ANSWERED_BYTES);
  }

  /** CVE-2026-50560: no response fits, so that each request would end in a reset of ours. */
  @Test
  void aClientThatTakesNoHeadOfAResponseGetsNoMoreThanItsShareOfRequests() {
    attacker.send(settings(MAX_HEADER_LIST_SIZE, 1));
    int id = 1;
    while (attacker.channel.isOpen() && id < 200) {
      attacker.send(get(id, "/pong"));
      good.send(get(id, "/pong"));
      assertThat(Frames.describe(good.sent())).hasSize(2);
      id += 2;
    }
    List<String> answers = Frames.describe(attacker.sent());
    assertThat(answers).as("resets").filteredOn(f -> f.startsWith("reset")).hasSizeLessThan(25);
  }

  /** CVE-2026-47244. */
  @Test
  void servesNoMoreStreamsAtATimeThanItHasSaid() {
    for (int id = 1; id < 20; id += 2) {
      attacker.send(get(id, "/app"));
    }
    assertThat(attacker.server.streams).hasSize(ClientScene.HTTP.h2().maxConcurrentStreams());
    assertThat(Frames.describe(attacker.sent())).contains("reset 19 REFUSED_STREAM");
  }

  /** CVE-2026-26311: what comes after a reset belongs to nobody. */
  @Test
  void contentAfterAResetReachesNoServer() {
    attacker.send(all(post(1, "/app"), reset(1), data(1, END_STREAM, "late")));
    assertThat(attacker.server.last().cancelled).isTrue();
    assertThat(attacker.server.last().content).isEmpty();
    good.send(get(1, "/pong"));
    assertThat(Frames.describe(good.sent())).hasSize(2);
  }

  @Test
  void refusesADynamicTableLargerThanAnnounced() {
    attacker.send(frame(1, END_STREAM | END_HEADERS, 1, new byte[] {0x3f, -1, -1, -1, 0x7f}));
    assertThat(Frames.describe(attacker.sent())).contains("goaway 0 COMPRESSION_ERROR");
    assertThat(attacker.rejections).containsExactly("http2_compression_error");
  }

  @Test
  void resetsAStreamWhoseWindowOpensOctetByOctet() {
    attacker.send(all(settings(INITIAL_WINDOW_SIZE, 0), get(1, "/app")));
    attacker.server.last().answer("x".repeat(5000));
    attacker.settle();
    for (int i = 0; i < 5; i++) {
      attacker.send(window(1, 1));
      attacker.pass(Duration.ofSeconds(9));
    }
    assertThat(Frames.describe(attacker.sent())).last().isEqualTo("reset 1 CANCEL");
  }

  @Test
  void waitsForAClientThatReadsSlowlyButReads() {
    attacker.send(all(settings(INITIAL_WINDOW_SIZE, 0), get(1, "/app")));
    attacker.server.last().answer("x".repeat(9000));
    attacker.settle();
    for (int i = 0; i < 6; i++) {
      attacker.send(window(1, 1500));
      attacker.pass(Duration.ofSeconds(20));
    }
    assertThat(Frames.describe(attacker.sent())).last().isEqualTo("data 1 1500 end");
  }

  @Test
  void updatesOfWindowsThatContentExplainsAreNoAttack() {
    attacker.send(settings(INITIAL_WINDOW_SIZE, 0));
    attacker.send(get(1, "/app"));
    attacker.server.last().head("HTTP/1.1 200 OK||");
    for (int i = 0; i < 40; i++) {
      attacker.server.last().data(100);
      attacker.settle();
      attacker.send(all(window(1, 100), window(0, 100)));
    }
    assertThat(attacker.channel.isOpen()).isTrue();
    assertThat(attacker.rejections).isEqualTo(List.of());
  }
}
