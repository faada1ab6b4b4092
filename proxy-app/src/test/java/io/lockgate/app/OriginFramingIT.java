package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.H2Client;
import io.lockgate.testkit.HttpMessage;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.Patience;
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
  private static final String REJECTED = "lockgate_upstream_rejected_responses_total";
  private static final String OK = "HTTP/1.1 200 OK\r\n";
  private static final String CHUNKED = OK + "Transfer-Encoding: chunked\r\n\r\n";
  private static final String INTERIM = "HTTP/1.1 103 Early Hints\r\nX-A: 1\r\n\r\n";
  private static final String EVIL = OK + "Content-Length: 4\r\n\r\nEVIL";
  private static final Map<String, Offence> BEFORE_THE_HEAD_ENDS = new TreeMap<>();
  private static final Map<String, Offence> IN_THE_CONTENT = new TreeMap<>();
  private static final Map<String, String> MORE_THAN_THE_ANSWER = new TreeMap<>();

  /** What an origin says before it closes, and the reason under which it is counted. */
  private record Offence(String answer, String reason) {}

  static {
    head(
        "two-lengths",
        "Content-Length: 2\r\nContent-Length: 3\r\n\r\nabc",
        "content_length_repeated");
    head(
        "same-length-twice",
        "Content-Length: 2\r\nContent-Length: 2\r\n\r\nok",
        "content_length_repeated");
    head("list-of-lengths", "Content-Length: 2, 2\r\n\r\nok", "bad_content_length");
    head(
        "length-and-coding",
        "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "length_and_coding");
    head("bad-length", "Content-Length: many\r\n\r\n", "bad_content_length");
    head("negative-length", "Content-Length: -1\r\n\r\n", "bad_content_length");
    head("bad-coding", "Transfer-Encoding: rot13\r\n\r\nx", "bad_coding");
    head(
        "further-coding",
        "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "coding_not_offered");
    head("space-before-colon", "X-A : 1\r\nContent-Length: 0\r\n\r\n", "bad_field_name");
    head("nul-in-field", "X-A: \0\r\nContent-Length: 0\r\n\r\n", "bad_field_value");
    head("bare-cr-in-field", "X-A: b\rContent-Length: 0\r\n\r\n", "bad_line_end");
    head("folded-field", "X-A: b\r\n c\r\nContent-Length: 0\r\n\r\n", "folded_field");
    head("endless-head", ("X-A: " + "a".repeat(1000) + "\r\n").repeat(300), "head_too_large");
    head("endless-field", "X-A: " + "a".repeat(300_000), "head_too_large");
    head("too-many-fields", "X-A: 1\r\n".repeat(3000), "too_many_fields");
    start("not-http", "SSH-2.0-OpenSSH_9.2\r\n", "bad_status_line");
    start("http-0.9", "<html>hello</html>", "bad_status_line");
    start("endless-status-line", "HTTP/1.1 200 " + "a".repeat(300_000), "start_line_too_long");
    start("empty-line-first", "\r\n" + EVIL, "bad_status_line");
    start("http-2-version", "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n", "bad_status_line");
    start("bad-status", "HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n", "bad_status_line");
    start("status-out-of-range", "HTTP/1.1 999 OK\r\nContent-Length: 0\r\n\r\n", "bad_status");
    start("bare-lf", "HTTP/1.1 200 OK\nContent-Length: 0\n\n", "bad_status_line");
    start(
        "chunks-in-http-1.0",
        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "coding_in_http_1_0");
    start("interim-flood", INTERIM.repeat(20_000), "too_many_interim_responses");
    start(
        "interim-with-two-lengths",
        INTERIM.replace("X-A: 1", "Content-Length: 1\r\nContent-Length: 1"),
        "content_length_repeated");
    start(
        "switches-protocols",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nxxxx",
        "switched_protocols");
    start("half-a-head", OK + "X-A: 1\r\n", "");
    start("only-interim", INTERIM, "");
    start("nothing", "", "");

    content("short-length", OK + "Content-Length: 100\r\n\r\nabc", "");
    content("chunk-without-end", CHUNKED + "3\r\nabc\r\n", "");
    content("trailers-without-end", CHUNKED + "3\r\nabc\r\n0\r\nX-A: 1\r\n", "");
    content("bad-chunk-size", CHUNKED + "3\r\nabc\r\nzz\r\nabc\r\n", "bad_chunk_size");
    content(
        "chunk-size-beyond-bounds", CHUNKED + "3\r\nabc\r\nFFFFFFFFFFFFFFFF\r\n", "bad_chunk_size");
    content("chunk-too-long", CHUNKED + "3\r\nabcd\r\n0\r\n\r\n", "bad_chunk_end");
    content("bare-lf-behind-a-chunk", CHUNKED + "3\r\nabc\n0\r\n\r\n", "bad_chunk_end");
    content(
        "bare-lf-in-an-extension",
        CHUNKED + "3\r\nabc\r\n2;a\nxx\r\n0\r\n\r\n",
        "bad_chunk_extension");
    content(
        "endless-extension",
        CHUNKED + "3\r\nabc\r\n2;" + "a".repeat(300_000),
        "chunk_extensions_too_large");
    content(
        "endless-trailers",
        CHUNKED + "3\r\nabc\r\n0\r\nX-A: " + "a".repeat(300_000),
        "trailers_too_large");
    content(
        "length-in-trailers",
        CHUNKED + "3\r\nabc\r\n0\r\nContent-Length: 3\r\n\r\n",
        "bad_trailer");

    MORE_THAN_THE_ANSWER.put("bytes-after-length", OK + "Content-Length: 2\r\n\r\nok" + EVIL);
    MORE_THAN_THE_ANSWER.put("204-with-body", "HTTP/1.1 204 No Content\r\n\r\n" + EVIL);
    MORE_THAN_THE_ANSWER.put(
        "304-with-body", "HTTP/1.1 304 Not Modified\r\nContent-Length: 2\r\n\r\n" + EVIL);
    MORE_THAN_THE_ANSWER.put(
        "bytes-after-chunks", OK + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n" + EVIL);
    MORE_THAN_THE_ANSWER.put(
        "204-with-length", "HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\nEVIL");
    MORE_THAN_THE_ANSWER.put(
        "204-with-chunks",
        "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nEVIL\r\n0\r\n\r\n");
  }

  private static void head(String name, String fields, String reason) {
    start(name, OK + fields, reason);
  }

  private static void start(String name, String answer, String reason) {
    BEFORE_THE_HEAD_ENDS.put(name, new Offence(answer, reason));
  }

  private static void content(String name, String answer, String reason) {
    IN_THE_CONTENT.put(name, new Offence(answer, reason));
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
        peer.write(BEFORE_THE_HEAD_ENDS.getOrDefault(name, IN_THE_CONTENT.get(name)).answer());
        return;
      }
    }
  }

  static Stream<String> beforeTheHeadEnds() {
    return BEFORE_THE_HEAD_ENDS.keySet().stream();
  }

  /** How often a reason has been counted. */
  private static double counted(String reason) {
    return proxy.metric(REJECTED, "upstream=\"app\"", "reason=\"" + reason + "\"");
  }

  private static void awaitCount(Offence offence, double before) {
    if (!offence.reason().isEmpty()) {
      Patience.until(
          "it is counted as " + offence.reason(), () -> counted(offence.reason()), n -> n > before);
    }
  }

  @ParameterizedTest
  @MethodSource("beforeTheHeadEnds")
  void headThatCannotBeTrustedIsABadGateway(String name) throws IOException {
    try (RawClient client = site.connect(proxy)) {
      Offence offence = BEFORE_THE_HEAD_ENDS.get(name);
      double before = counted(offence.reason());
      client.send(Site.get("/" + name));
      HttpMessage answer = client.readResponse();
      for (int interim = 0; answer.status() < 200 && interim < 1000; interim++) {
        answer = client.readResponse();
      }
      assertThat(answer.status()).isEqualTo(502);
      assertThat(client.send(Site.get("/good")).readResponse().text())
          .as("the client's connection is not to blame")
          .isEqualTo("GOOD");
      awaitCount(offence, before);
    }
  }

  static Stream<String> inTheContent() {
    return IN_THE_CONTENT.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("inTheContent")
  void contentThatBreaksOffIsCutShortForTheClientToo(String name) throws IOException {
    try (RawClient client = site.connect(proxy)) {
      Offence offence = IN_THE_CONTENT.get(name);
      double before = counted(offence.reason());
      String all = client.send(Site.get("/" + name)).readUntilClosed();
      assertThat(all).doesNotContain("\r\n0\r\n\r\n");
      assertThat(all).matches("(?s)(HTTP/1\\.1 (200|502) .*)?");
      awaitCount(offence, before);
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
