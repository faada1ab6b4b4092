package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.H2Client;
import io.lockgate.testkit.HttpMessage;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.RawClient;
import io.lockgate.testkit.ScriptedOrigin;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Origins that answer what no origin should. The client gets a 502, or an answer that is visibly
 * cut short, and never one that was made for somebody else.
 */
class OriginFramingIT {
  private static final String OK = "HTTP/1.1 200 OK\r\n";
  private static final Map<String, String> BEFORE_THE_HEAD_ENDS = new TreeMap<>();
  private static final Map<String, String> IN_THE_CONTENT = new TreeMap<>();
  private static final Map<String, String> MORE_THAN_THE_ANSWER = new TreeMap<>();

  static {
    BEFORE_THE_HEAD_ENDS.put(
        "two-lengths", OK + "Content-Length: 2\r\nContent-Length: 3\r\n\r\nabc");
    BEFORE_THE_HEAD_ENDS.put(
        "length-and-coding",
        OK + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    BEFORE_THE_HEAD_ENDS.put("bad-length", OK + "Content-Length: many\r\n\r\n");
    BEFORE_THE_HEAD_ENDS.put("bad-coding", OK + "Transfer-Encoding: rot13\r\n\r\nx");
    BEFORE_THE_HEAD_ENDS.put("not-http", "SSH-2.0-OpenSSH_9.2\r\n");
    BEFORE_THE_HEAD_ENDS.put("http-2-version", "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n");
    BEFORE_THE_HEAD_ENDS.put("bad-status", "HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n");
    BEFORE_THE_HEAD_ENDS.put("space-before-colon", OK + "X-A : 1\r\nContent-Length: 0\r\n\r\n");
    BEFORE_THE_HEAD_ENDS.put("nul-in-field", OK + "X-A: \0\r\nContent-Length: 0\r\n\r\n");
    BEFORE_THE_HEAD_ENDS.put("bare-lf", "HTTP/1.1 200 OK\nContent-Length: 0\n\n");
    BEFORE_THE_HEAD_ENDS.put("half-a-head", OK + "X-A: 1\r\n");
    BEFORE_THE_HEAD_ENDS.put("nothing", "");
    BEFORE_THE_HEAD_ENDS.put(
        "endless-head", OK + ("X-A: " + "a".repeat(1000) + "\r\n").repeat(300));
    BEFORE_THE_HEAD_ENDS.put(
        "interim-flood", "HTTP/1.1 103 Early Hints\r\nX-A: 1\r\n\r\n".repeat(20_000));
    BEFORE_THE_HEAD_ENDS.put(
        "switches-protocols", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nxxxx");

    IN_THE_CONTENT.put("short-length", OK + "Content-Length: 100\r\n\r\nabc");
    IN_THE_CONTENT.put("chunk-without-end", OK + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
    IN_THE_CONTENT.put(
        "bad-chunk-size", OK + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\nabc\r\n");
    IN_THE_CONTENT.put(
        "chunk-too-long", OK + "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n");

    MORE_THAN_THE_ANSWER.put(
        "bytes-after-length",
        OK + "Content-Length: 2\r\n\r\nok" + OK + "Content-Length: 4\r\n\r\nEVIL");
    MORE_THAN_THE_ANSWER.put(
        "204-with-body", "HTTP/1.1 204 No Content\r\n\r\n" + OK + "Content-Length: 4\r\n\r\nEVIL");
    MORE_THAN_THE_ANSWER.put(
        "304-with-body",
        "HTTP/1.1 304 Not Modified\r\nContent-Length: 2\r\n\r\n"
            + OK
            + "Content-Length: 4\r\n\r\nEVIL");
    MORE_THAN_THE_ANSWER.put(
        "bytes-after-chunks",
        OK
            + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"
            + OK
            + "Content-Length: 4\r\n\r\nEVIL");
  }

  @TempDir static Path directory;
  private static Site site;
  private static ScriptedOrigin origin;
  private static LockgateProcess proxy;

  @BeforeAll
  static void start() throws IOException {
    site = Site.in(directory);
    origin = ScriptedOrigin.playing(OriginFramingIT::play);
    proxy = site.start(Site.forwardingTo(origin.address()));
  }

  @AfterAll
  static void stop() throws IOException {
    proxy.close();
    origin.close();
  }

  /** Answers {@code /NAME} with the evil of that name, and everything after it with more evil. */
  private static void play(ScriptedOrigin.Peer peer) throws IOException {
    String good = "GOOD";
    while (true) {
      String name = peer.readRequest().target().substring(1);
      if (MORE_THAN_THE_ANSWER.containsKey(name)) {
        peer.write(MORE_THAN_THE_ANSWER.get(name));
        good = "USED";
      } else if (name.equals("good")) {
        peer.write(OK + "Content-Length: 4\r\n\r\n" + good);
      } else {
        peer.write(BEFORE_THE_HEAD_ENDS.getOrDefault(name, IN_THE_CONTENT.get(name)));
        return;
      }
    }
  }

  static Stream<String> beforeTheHeadEnds() {
    return BEFORE_THE_HEAD_ENDS.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("beforeTheHeadEnds")
  void headThatCannotBeTrustedIsABadGateway(String name) throws IOException {
    try (RawClient client = site.connect(proxy)) {
      client.send(Site.get("/" + name));
      HttpMessage answer = client.readResponse();
      for (int interim = 0; answer.status() < 200 && interim < 1000; interim++) {
        answer = client.readResponse();
      }
      assertThat(answer.status()).isEqualTo(502);
      assertThat(client.send(Site.get("/good")).readResponse().text())
          .as("the client's connection is not to blame")
          .isEqualTo("GOOD");
    }
  }

  static Stream<String> inTheContent() {
    return IN_THE_CONTENT.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("inTheContent")
  void contentThatBreaksOffIsCutShortForTheClientToo(String name) throws IOException {
    try (RawClient client = site.connect(proxy)) {
      String all = client.send(Site.get("/" + name)).readUntilClosed();
      assertThat(all).doesNotContain("\r\n0\r\n\r\n");
      assertThat(all).matches("(?s)(HTTP/1\\.1 (200|502) .*)?");
    }
  }

  @ParameterizedTest
  @MethodSource("inTheContent")
  void contentThatBreaksOffResetsTheStreamAndNoMore(String name) throws IOException {
    try (H2Client client = H2Client.connect(site.client(Site.WWW), proxy.port("https"))) {
      H2Client.Stream cut = client.await(client.get(Site.WWW, "/" + name));
      assertThat(cut.resetCode().isPresent() || cut.status() == 502).as(cut.toString()).isTrue();
      assertThat(client.await(client.get(Site.WWW, "/good")).text()).isEqualTo("GOOD");
    }
  }

  static Stream<String> moreThanTheAnswer() {
    return MORE_THAN_THE_ANSWER.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("moreThanTheAnswer")
  void bytesThatNobodyAskedForAreNobodysAnswer(String name) throws IOException {
    try (RawClient client = site.connect(proxy)) {
      int before = origin.connections();
      HttpMessage answer = client.send(Site.get("/" + name)).readResponse();
      assertThat(answer.text()).isIn("ok", "");
      for (int i = 0; i < 5; i++) {
        assertThat(client.send(Site.get("/good")).readResponse().text()).isEqualTo("GOOD");
      }
      assertThat(origin.connections())
          .as("the connection with bytes left over is not used again")
          .isGreaterThan(before);
    }
  }
}
