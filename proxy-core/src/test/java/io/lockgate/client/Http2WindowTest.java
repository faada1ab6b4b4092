package io.lockgate.client;

import static io.lockgate.client.Frames.all;
import static io.lockgate.client.Frames.get;
import static io.lockgate.client.Frames.preface;
import static io.lockgate.client.Frames.settings;
import static io.lockgate.client.Frames.window;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Small responses and the client's windows (RFC 9113 section 6.9). */
class Http2WindowTest {
  private static final int INITIAL_WINDOW_SIZE = 4;
  private static final int FIRST_WINDOW_OF_CONNECTION = 65_535;
  private static final String KIB = "x".repeat(1_024);

  private final ClientScene scene = new ClientScene(true, Http2HandlerBuilder::build);

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void stayWithinTheWindowOfTheConnectionTogether() {
    begin(100_000);
    for (int i = 0; i < 64; i++) {
      ask(1 + 2 * i);
      answer(i);
    }

    List<String> first = data();
    scene.send(window(0, 1));

    assertThat(octets(first)).isEqualTo(FIRST_WINDOW_OF_CONNECTION);
    assertThat(first).hasSize(64).endsWith("data 127 1023");
    assertThat(data()).containsExactly("data 127 1 end");
  }

  @Test
  void stayWithinTheWindowOfTheirStreamInTheirOrder() {
    begin(1_500);
    ask(1);
    ScriptedServer.Stream stream = head(0, 2_061);
    stream.data(KIB);
    scene.settle();
    stream.data(KIB);
    scene.settle();
    stream.data("the end is 12");
    stream.end();
    scene.settle();

    assertThat(data()).containsExactly("data 1 1024", "data 1 476");
    scene.send(window(1, 500));
    assertThat(data()).containsExactly("data 1 500");
    scene.send(window(1, 500));
    assertThat(data()).containsExactly("data 1 61 end");
  }

  @Test
  void areNotHeldUpByAStreamWhoseWindowIsUsedUp() {
    begin(1_100);
    ask(1);
    ScriptedServer.Stream large = head(0, 100_000);
    large.data("x".repeat(50_000));
    scene.settle();
    data();
    ask(3);
    answer(1);

    assertThat(data()).containsExactly("data 3 1024 end");
  }

  @Test
  void waitWhileTheClientTakesNothing() {
    begin(100_000);
    ask(1);
    scene.writable(false);
    answer(0);
    assertThat(data()).isEmpty();

    scene.writable(true);
    scene.settle();

    assertThat(data()).containsExactly("data 1 1024 end");
  }

  private void begin(int window) {
    scene.send(all(preface(), settings(INITIAL_WINDOW_SIZE, window)));
  }

  private void ask(int stream) {
    scene.send(get(stream, "/app"));
  }

  private void answer(int request) {
    ScriptedServer.Stream stream = head(request, KIB.length());
    stream.data(KIB);
    stream.end();
    scene.settle();
  }

  private ScriptedServer.Stream head(int request, int length) {
    ScriptedServer.Stream stream = scene.server.streams.get(request);
    stream.head("HTTP/1.1 200 OK|Content-Length: " + length + "||");
    return stream;
  }

  private List<String> data() {
    return Frames.describe(scene.sent()).stream().filter(f -> f.startsWith("data")).toList();
  }

  private static int octets(List<String> frames) {
    return frames.stream().mapToInt(frame -> Integer.parseInt(frame.split(" ")[2])).sum();
  }
}
