package io.lockgate.client;

import static io.lockgate.client.Frames.END_HEADERS;
import static io.lockgate.client.Frames.END_STREAM;
import static io.lockgate.client.Frames.all;
import static io.lockgate.client.Frames.block;
import static io.lockgate.client.Frames.data;
import static io.lockgate.client.Frames.fields;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class Http2HandlerTest {
  private static final int INITIAL_WINDOW_SIZE = 4;

  private final ClientScene scene = new ClientScene(true, Http2HandlerBuilder::build);

  @AfterEach
  void close() {
    scene.close();
  }

  private List<String> sent() {
    return Frames.describe(scene.sent());
  }

  @Nested
  class AfterThePreface {
    @BeforeEach
    void begin() {
      scene.send(preface());
      sent();
    }

    @Test
    void answersARequest() {
      scene.send(get(1, "/pong"));
      assertThat(sent()).containsExactly("headers 1 200", "data 1 4 end");
    }

    @Test
    void forwardsContentAndTrailers() {
      scene.send(
          all(
              post(1, "/app"),
              data(1, 0, "abc"),
              headers(1, END_STREAM | END_HEADERS, fields("x-sum", "1"))));
      assertThat(scene.server.last().content).hasToString("abc");
      assertThat(scene.server.last().trailers).isEqualTo("x-sum: 1|");
    }

    @ParameterizedTest
    @MethodSource("io.lockgate.client.Http2HandlerTest#malformed")
    void resetsAMalformedRequestWithoutServingIt(String rule, ByteBuf frames) {
      scene.send(frames);
      assertThat(sent()).as(rule).containsExactly("reset 1 PROTOCOL_ERROR");
      assertThat(scene.server.streams).as("requests forwarded").isEmpty();
      scene.send(get(3, "/pong"));
      assertThat(sent()).as("the connection lives on").contains("headers 3 200");
    }

    @ParameterizedTest
    @MethodSource("io.lockgate.client.Http2HandlerTest#brokenContent")
    void resetsAStreamWhoseContentBeliesItsHead(String rule, ByteBuf frames) {
      scene.send(frames);
      assertThat(sent()).as(rule).containsExactly("reset 1 PROTOCOL_ERROR");
      assertThat(scene.server.last().cancelled).as("server cancelled").isTrue();
    }

    @ParameterizedTest
    @MethodSource("io.lockgate.client.Http2HandlerTest#connectionErrors")
    void endsTheConnectionUponAnErrorOfIt(String rule, List<ByteBuf> frames, String error) {
      frames.forEach(scene::send);
      assertThat(sent()).as(rule).anyMatch(f -> f.matches("goaway \\d " + error));
      assertThat(scene.channel.isOpen()).isFalse();
    }

    @Test
    void refusesFramesAfterTheClientEndedAStream() {
      scene.send(all(get(1, "/app"), get(1, "/app")));
      assertThat(sent()).containsExactly("reset 1 STREAM_CLOSED");
    }

    @Test
    void answersFramesAfterTheClientsResetByAReset() {
      scene.send(all(post(1, "/app"), reset(1), data(1, 0, "x")));
      assertThat(sent()).containsExactly("reset 1 STREAM_CLOSED");
    }

    @Test
    void ignoresContentThatWasUnderWayWhenTheStreamWasReset() {
      scene.send(post(1, "/app"));
      scene.server.last().answer("no");
      scene.settle();
      assertThat(sent()).containsExactly("headers 1 200", "data 1 2 end", "reset 1 NO_ERROR");
      for (int i = 0; i < 30; i++) {
        scene.send(data(1, 0, "x".repeat(1000)));
      }
      assertThat(sent()).isEmpty();
      assertThat(scene.channel.isOpen()).isTrue();
    }

    @Test
    void refusesMoreFieldsThanTheLimit() {
      String[] many = new String[42];
      for (int i = 0; i < many.length; i += 2) {
        many[i] = "x";
        many[i + 1] = "y";
      }
      scene.send(headers(1, END_STREAM | END_HEADERS, block("GET", "/app", many)));
      assertThat(sent()).first().isEqualTo("headers 1 431 end");
      assertThat(scene.rejections).containsExactly("too_many_fields");
    }

    @Test
    void answers408ToContentThatStops() {
      scene.send(all(post(1, "/app"), data(1, 0, "abc")));
      scene.pass(Duration.ofSeconds(31));
      assertThat(sent()).first().isEqualTo("headers 1 408");
      assertThat(scene.server.last().cancelled).isTrue();
    }

    @Test
    void resetsAStreamWhoseWindowNeverOpens() {
      scene.send(all(settings(INITIAL_WINDOW_SIZE, 0), get(1, "/app")));
      scene.server.last().head("HTTP/1.1 200 OK|Content-Length: 1000||");
      scene.settle();
      assertThat(scene.server.last().dataWanted).isFalse();
      scene.pass(Duration.ofSeconds(31));
      assertThat(sent()).containsExactly("headers 1 200", "reset 1 CANCEL");
      assertThat(scene.server.last().cancelled).isTrue();
    }

    @Test
    void resetsAStreamThatNeverTakesAWholeAnswer() {
      scene.send(all(settings(INITIAL_WINDOW_SIZE, 0), get(1, "/pong")));
      scene.pass(Duration.ofSeconds(31));
      assertThat(sent()).containsExactly("headers 1 200", "reset 1 CANCEL");
    }

    @Test
    void closesOnAClientThatDoesNotRead() {
      scene.send(get(1, "/app"));
      scene.writable(false);
      scene.pass(Duration.ofSeconds(31));
      assertThat(scene.channel.isOpen()).isFalse();
      assertThat(scene.server.last().cancelled).isTrue();
    }

    @Test
    void closesAHeaderBlockThatIsNotWholeInTime() {
      scene.send(headers(1, END_STREAM, block("GET", "/pong")));
      scene.pass(Duration.ofSeconds(9));
      assertThat(sent()).isEmpty();
      scene.pass(Duration.ofSeconds(2));
      assertThat(sent()).containsExactly("goaway 0 ENHANCE_YOUR_CALM");
      assertThat(scene.channel.isOpen()).isFalse();
    }

    @Test
    void closesAFrameThatIsNotWholeInTime() {
      scene.send(get(1, "/pong").writerIndex(20));
      scene.pass(Duration.ofSeconds(11));
      assertThat(sent()).containsExactly("goaway 0 ENHANCE_YOUR_CALM");
    }

    @Test
    void takesABlockInSeveralFrames() {
      byte[] block = block("GET", "/pong");
      scene.send(headers(1, END_STREAM, java.util.Arrays.copyOf(block, 10)));
      scene.send(frame(9, END_HEADERS, 1, java.util.Arrays.copyOfRange(block, 10, block.length)));
      assertThat(sent()).contains("headers 1 200");
      scene.pass(Duration.ofSeconds(11));
      assertThat(sent()).as("nothing is unfinished").isEmpty();
    }

    @Test
    void saysGoAwayToAnIdleConnection() {
      scene.send(get(1, "/pong"));
      sent();
      scene.pass(Duration.ofSeconds(77));
      assertThat(sent()).containsExactly("goaway 2147483647 NO_ERROR", "goaway 1 NO_ERROR");
      assertThat(scene.channel.isOpen()).isFalse();
    }

    @Test
    void finishesWhatItHoldsWhenAskedToClose() {
      scene.send(get(1, "/app"));
      scene.connection.close(CloseRequest.GRACEFUL);
      scene.pass(Duration.ofSeconds(2));
      assertThat(sent()).contains("goaway 1 NO_ERROR");
      scene.server.last().answer("done");
      scene.settle();
      assertThat(sent()).containsExactly("headers 1 200", "data 1 4 end");
      assertThat(scene.channel.isOpen()).as("the client may still be reading").isTrue();
      scene.pass(Duration.ofSeconds(3));
      assertThat(scene.channel.isOpen()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("io.lockgate.client.Http2HandlerTest#floods")
    void cutsAFlood(String kind, java.util.function.IntFunction<ByteBuf> attack) {
      int rounds = 0;
      while (scene.channel.isOpen() && rounds < 200) {
        scene.send(attack.apply(1 + 2 * rounds++));
      }
      assertThat(rounds).as(kind).isLessThan(40);
      assertThat(scene.server.streams).as("requests forwarded").hasSizeLessThan(40);
      assertThat(sent()).last().asString().endsWith("ENHANCE_YOUR_CALM");
    }

    @Test
    void cancelsEveryServerWhenTheClientLeaves() {
      scene.send(all(get(1, "/app"), get(3, "/app")));
      scene.channel.close();
      assertThat(scene.server.streams).hasSize(2).allMatch(stream -> stream.cancelled);
      assertThat(scene.ends).hasSize(2).allMatch(end -> end.equals("/app 499 client_closed"));
    }
  }

  @Test
  void closesAConnectionThatNeverSendsItsPreface() {
    scene.pass(Duration.ofSeconds(13));
    assertThat(scene.channel.isOpen()).isFalse();
  }

  static Stream<Arguments> malformed() {
    return Stream.of(
        request("no :method", ":scheme", "https", ":path", "/app", ":authority", "a.test"),
        request("no :scheme", ":method", "GET", ":path", "/app", ":authority", "a.test"),
        request("no :path", ":method", "GET", ":scheme", "https", ":authority", "a.test"),
        extra("repeated", ":path", "/app"),
        extra("unknown", ":status", "200"),
        extra("upper case", "X-A", "b"),
        extra("Connection", "connection", "close"),
        extra("Transfer-Encoding", "transfer-encoding", "chunked"),
        extra("TE", "te", "gzip"),
        extra("another Host", "host", "b.test"),
        extra("LF in a value", "x", "a\nb"),
        extra("content announced and none", "content-length", "3"),
        path("/a b"),
        path("/a\rb"),
        path("http://a.test/app"),
        path(""));
  }

  private static Arguments request(String rule, String... fields) {
    return Arguments.of(rule, headers(1, END_STREAM | END_HEADERS, fields(fields)));
  }

  private static Arguments extra(String rule, String name, String value) {
    return Arguments.of(
        rule, headers(1, END_STREAM | END_HEADERS, block("GET", "/app", name, value)));
  }

  private static Arguments path(String path) {
    return Arguments.of("path " + path, get(1, path));
  }

  static Stream<Arguments> brokenContent() {
    return Stream.of(
        Arguments.of(
            "more than declared",
            all(post(1, "/app", "content-length", "2"), data(1, END_STREAM, "abc"))),
        Arguments.of(
            "less than declared",
            all(post(1, "/app", "content-length", "9"), data(1, END_STREAM, "abc"))),
        Arguments.of(
            "trailers before all of it",
            all(
                post(1, "/app", "content-length", "9"),
                data(1, 0, "abc"),
                headers(1, END_STREAM | END_HEADERS, fields("x", "y")))),
        Arguments.of(
            "trailers that do not end it",
            all(post(1, "/app"), headers(1, END_HEADERS, fields("x", "y")))),
        Arguments.of(
            "pseudo-field in trailers",
            all(post(1, "/app"), headers(1, END_STREAM | END_HEADERS, fields(":path", "/")))),
        Arguments.of("window raised by nothing", all(post(1, "/app"), window(1, 0))));
  }

  static Stream<Arguments> connectionErrors() {
    return Stream.of(
        error("DATA on an idle stream", "PROTOCOL_ERROR", data(1, 0, "x")),
        error("an even stream", "PROTOCOL_ERROR", get(2, "/pong")),
        error("identifiers that go backwards", "PROTOCOL_ERROR", get(5, "/pong"), get(3, "/pong")),
        error("HEADERS after the end", "STREAM_CLOSED", get(1, "/pong"), get(1, "/pong")),
        error("DATA after the end", "STREAM_CLOSED", get(1, "/pong"), data(1, 0, "x")),
        error("a lone CONTINUATION", "PROTOCOL_ERROR", frame(9, END_HEADERS, 1)),
        error(
            "a frame inside of a block",
            "PROTOCOL_ERROR",
            headers(1, END_STREAM, block("GET", "/pong")),
            ping()),
        error("a frame too long", "FRAME_SIZE_ERROR", data(1, 0, "x".repeat(16_385))),
        error("window raised by nothing", "PROTOCOL_ERROR", window(0, 0)),
        error("window overflow", "FLOW_CONTROL_ERROR", window(0, Integer.MAX_VALUE)),
        error(
            "overflow by SETTINGS",
            "FLOW_CONTROL_ERROR",
            get(1, "/app"),
            window(1, Integer.MAX_VALUE - 65_535),
            settings(INITIAL_WINDOW_SIZE, 65_536)),
        error("an index out of the table", "COMPRESSION_ERROR", frame(1, 5, 1, (byte) 0xfe)));
  }

  private static Arguments error(String rule, String error, ByteBuf... frames) {
    return Arguments.of(rule, List.of(frames), error);
  }

  static Stream<Arguments> floods() {
    return Stream.of(
        flood("rapid reset", id -> all(get(id, "/app"), reset(id))),
        flood("window raised by nothing", id -> all(get(id, "/app"), window(id, 0))),
        flood("window overflow", id -> all(get(id, "/app"), window(id, Integer.MAX_VALUE))),
        flood("DATA after the end", id -> all(get(id, "/app"), data(id, 0, "x"))),
        flood("HEADERS after the end", id -> all(get(id, "/app"), get(id, "/app"))),
        flood("PRIORITY too short", id -> all(get(id, "/app"), frame(2, 0, id, new byte[3]))),
        flood("malformed", id -> get(id, "")),
        flood("pings", id -> ping()),
        flood("settings", id -> settings()));
  }

  private static Arguments flood(String kind, java.util.function.IntFunction<ByteBuf> attack) {
    return Arguments.of(kind, attack);
  }
}
