package io.lockgate.client;

import static io.lockgate.client.Frames.END_HEADERS;
import static io.lockgate.client.Frames.END_STREAM;
import static io.lockgate.client.Frames.all;
import static io.lockgate.client.Frames.block;
import static io.lockgate.client.Frames.frame;
import static io.lockgate.client.Frames.headers;
import static io.lockgate.client.Frames.preface;
import static io.lockgate.client.Frames.settings;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which response leaves first once a client opens its window (RFC 9218). */
class Http2PriorityTest {
  private static final int INITIAL_WINDOW_SIZE = 4;
  private static final String CONTENT = "x".repeat(20_000);

  private final ClientScene scene = new ClientScene(true, Http2HandlerBuilder::build);

  @BeforeEach
  void begin() {
    scene.send(all(preface(), settings(INITIAL_WINDOW_SIZE, 0)));
  }

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void saysThatPrioritiesOfRfc7540CountForNothing() {
    ByteBuf sent = scene.sent();
    int length = sent.getUnsignedMedium(0);
    String pairs = io.netty.buffer.ByteBufUtil.hexDump(sent, 9, length);
    assertThat(pairs).contains("000900000001");
  }

  @Test
  void sendsWhatIsUrgentFirstAndTheRestInOrder() {
    ask(1, "u=4");
    ask(3, "u=4");
    ask(5, "u=1");
    answerAll();
    assertThat(order()).containsExactly(5, 1, 3);
  }

  @Test
  void sharesAmongIncrementalResponses() {
    ask(1, "u=2, i");
    ask(3, "i, u=2");
    answerAll();
    assertThat(open())
        .containsExactly("data 1 16384", "data 3 16384", "data 1 3616 end", "data 3 3616 end");
  }

  @Test
  void followsAnUpdateOfAStreamThatIsOpen() {
    ask(1, "u=3");
    ask(3, "u=3");
    answerAll();
    scene.send(update(3, "u=0"));
    assertThat(order()).containsExactly(3, 1);
  }

  @Test
  void followsAnUpdateThatCameBeforeItsRequest() {
    scene.send(update(3, "u=0"));
    ask(1, "u=3");
    ask(3, "u=7");
    answerAll();
    assertThat(order()).containsExactly(3, 1);
  }

  @Test
  void letsTheServerDecide() {
    ask(1, "u=1");
    ask(3, "u=2");
    answer(0, "");
    answer(1, "Priority: u=0|");
    assertThat(order()).containsExactly(3, 1);
  }

  @Test
  void ignoresPrioritiesOfRfc7540() {
    ask(1, "u=3");
    ask(3, "u=3");
    scene.send(frame(2, 0, 1, new byte[] {0, 0, 0, 3, 0}));
    answerAll();
    assertThat(order()).containsExactly(1, 3);
  }

  @Test
  void endsTheConnectionUponAnUpdateOfNoStream() {
    scene.send(update(0, "u=0"));
    assertThat(Frames.describe(scene.sent())).contains("goaway 0 PROTOCOL_ERROR");
  }

  private void ask(int stream, String priority) {
    scene.send(
        headers(stream, END_STREAM | END_HEADERS, block("GET", "/app", "priority", priority)));
  }

  private static ByteBuf update(int stream, String priority) {
    byte[] payload = new byte[4 + priority.length()];
    Unpooled.wrappedBuffer(payload)
        .clear()
        .writeInt(stream)
        .writeBytes(priority.getBytes(ISO_8859_1));
    return frame(16, 0, 0, payload);
  }

  private void answerAll() {
    for (int i = 0; i < scene.server.streams.size(); i++) {
      answer(i, "");
    }
  }

  private void answer(int request, String fields) {
    ScriptedServer.Stream stream = scene.server.streams.get(request);
    stream.head("HTTP/1.1 200 OK|" + fields + "Content-Length: " + CONTENT.length() + "||");
    stream.data(CONTENT);
    stream.end();
    scene.settle();
  }

  private List<String> open() {
    scene.sent();
    scene.send(settings(INITIAL_WINDOW_SIZE, 100_000));
    return Frames.describe(scene.sent());
  }

  /** The streams, as their content leaves. */
  private List<Integer> order() {
    return open().stream().map(frame -> Integer.valueOf(frame.split(" ")[1])).distinct().toList();
  }
}
