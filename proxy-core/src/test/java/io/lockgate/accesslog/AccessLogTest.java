package io.lockgate.accesslog;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockgate.config.model.AccessLogConfig;
import io.lockgate.config.model.AccessLogConfig.Format;
import io.lockgate.exchange.ExchangeListener;
import io.lockgate.testkit.ManualClock;
import io.lockgate.tls.FailedHandshake;
import io.lockgate.tls.HandshakeFailure;
import io.lockgate.tls.TlsFacts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessLogTest {
  private final ManualClock clock = new ManualClock(Instant.parse("2026-11-23T09:08:07.065Z"));
  private final AccessLogCounts counts = new AccessLogCounts();
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();

  @Nested
  class InJson {
    @Test
    void writesEveryFieldInItsPlace() throws IOException {
      assertThat(line(Format.JSON, LoggedExchange.ordinary()))
          .isEqualTo(
              "{\"time\":\"2026-11-23T09:08:07.065Z\",\"client\":\"192.0.2.7\","
                  + "\"listener\":\"https\",\"protocol\":\"h2\",\"host\":\"www.example\","
                  + "\"method\":\"GET\",\"path\":\"/a?b=c\",\"status\":200,\"bytes_in\":12,"
                  + "\"bytes_out\":3456,\"duration_ms\":7.089,\"upstream\":\"app\","
                  + "\"server\":\"127.0.0.1:9001\",\"upstream_ms\":5.004,\"retries\":1,"
                  + "\"tls_version\":\"TLSv1.3\",\"tls_cipher\":\"TLS_AES_128_GCM_SHA256\","
                  + "\"tls_group\":\"X25519\",\"tls_resumed\":\"ticket\",\"sni\":\"www.example\","
                  + "\"client_cert_subject\":\"CN=billing\",\"request_id\":\"0af7651916cd43dd\","
                  + "\"user_agent\":\"curl/8\",\"referer\":\"https://r.example/\",\"error\":\"\"}\n");
    }

    @Test
    void leavesTlsEmptyOnAConnectionInClear() throws IOException {
      var clear = new LoggedExchange("/", "", "", 200, "", TlsFacts.NONE);

      assertThat(line(Format.JSON, clear))
          .contains("\"tls_version\":\"\",\"tls_cipher\":\"\",\"tls_group\":\"\",")
          .contains("\"tls_resumed\":\"\",\"sni\":\"\"");
    }

    @Test
    void tellsTheTlsOfEachConnectionHoweverManyThereAre() throws IOException {
      List<TlsFacts> all = IntStream.range(0, 500).mapToObj(i -> tls(i + ".example")).toList();
      try (AccessLog log = open(Format.JSON)) {
        for (int i = 0; i < 2 * all.size(); i++) {
          TlsFacts facts = all.get(i % 3 == 0 ? 0 : i % all.size());
          log.forLoop(0).ended(new LoggedExchange("/" + facts.sni(), "", "", 200, "", facts));
        }
      }

      assertThat(text().lines())
          .hasSize(2 * all.size())
          .allMatch(line -> line.matches(".*\"path\":\"/(.+?)\".*\"sni\":\"\\1\",\"client_.*"));
    }

    private static TlsFacts tls(String sni) {
      return new TlsFacts("h", "TLSv1.3", "C", "X25519", "h2", sni, TlsFacts.Resumption.FULL, "");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "34 | \\\"",
          "92 | \\\\",
          "10 | \\u000a",
          "13 | \\u000d",
          "0 | \\u0000",
          "27 | \\u001b",
          "127 | \\u007f",
          "133 | \\u0085",
          "228 | \\u00e4",
          "47 | /"
        })
    void escapesWhatCouldForgeAValueOrALine(int character, String escaped) throws IOException {
      String hostile = "x" + (char) character + "y";

      assertThat(line(Format.JSON, LoggedExchange.ordinary().withUserAgent(hostile)))
          .contains("\"user_agent\":\"x" + escaped + "y\",\"referer\"")
          .matches("[ -~]*\n");
    }

    @Test
    void escapesWhatNoSingleOctetStandsFor() throws IOException {
      var facts =
          new TlsFacts("h", "", "", "", "", "", TlsFacts.Resumption.FULL, "CN=\u2028\u4e22");

      assertThat(line(Format.JSON, new LoggedExchange("/", "", "", 200, "", facts)))
          .contains("\"client_cert_subject\":\"CN=\\u2028\\u4e22\"")
          .matches("[ -~]*\n");
    }

    @Test
    void writesARefusedHeadAsALineWithTheSameFields() throws IOException {
      try (AccessLog log = open(Format.JSON)) {
        log.forLoop(0).rejected("https", "192.0.2.7", "two_lengths");
      }

      assertThat(text())
          .contains("\"status\":400", "\"error\":\"two_lengths\"}\n", "\"client\":\"192.0.2.7\"");
      assertThat(fieldNames(text()))
          .isEqualTo(fieldNames(line(Format.JSON, LoggedExchange.ordinary())));
    }

    @Test
    void tellsFailedHandshakesAsEventsOfTheirOwn() throws IOException {
      try (AccessLog log = open(Format.JSON)) {
        log.tlsForLoop(0).handshakeFailed(failed(HandshakeFailure.UNKNOWN_HOST, "no host \"x\""));
      }

      assertThat(text())
          .isEqualTo(
              "{\"time\":\"2026-11-23T09:08:07.065Z\",\"event\":\"handshake_failed\","
                  + "\"client\":\"192.0.2.7\",\"listener\":\"https\",\"host\":\"other\","
                  + "\"reason\":\"unknown_host\",\"detail\":\"no host \\\"x\\\"\"}\n");
    }

    @Test
    void cutsWhatIsTooLongAndStillEndsTheLine() throws IOException {
      String everythingEscaped = "\n".repeat(100_000);
      var huge =
          new LoggedExchange(
              everythingEscaped,
              everythingEscaped,
              everythingEscaped,
              502,
              everythingEscaped,
              new TlsFacts(
                  everythingEscaped,
                  everythingEscaped,
                  everythingEscaped,
                  everythingEscaped,
                  everythingEscaped,
                  everythingEscaped,
                  TlsFacts.Resumption.FULL,
                  everythingEscaped));

      assertThat(line(Format.JSON, huge)).endsWith("\\u000a...\"}\n").doesNotContain("\n{");
      assertThat(counts.dropped()).isZero();
    }

    private List<String> fieldNames(String line) {
      return java.util.regex.Pattern.compile("\"([a-z_]+)\":")
          .matcher(line)
          .results()
          .map(found -> found.group(1))
          .toList();
    }
  }

  @Nested
  class InCombined {
    @Test
    void writesWhatNginxWrites() throws IOException {
      assertThat(line(Format.COMBINED, LoggedExchange.ordinary()))
          .isEqualTo(
              "192.0.2.7 - - [23/Nov/2026:09:08:07 +0000] \"GET /a?b=c HTTP/2.0\" 200 3456"
                  + " \"https://r.example/\" \"curl/8\"\n");
    }

    @ParameterizedTest
    @CsvSource({"34, \\x22", "92, \\x5c", "10, \\x0a", "127, \\x7f", "233, \\xe9"})
    void escapesWhatCouldForgeAValueOrALine(int character, String escaped) throws IOException {
      assertThat(
              line(Format.COMBINED, LoggedExchange.ordinary().withTarget("/" + (char) character)))
          .contains("\"GET /" + escaped + " HTTP/2.0\"")
          .matches("[ -~]*\n");
    }

    @Test
    void writesADashForAFieldThatWasNotSent() throws IOException {
      assertThat(line(Format.COMBINED, new LoggedExchange("/", "", "", 200, "", TlsFacts.NONE)))
          .endsWith("200 3456 \"-\" \"-\"\n");
    }

    @Test
    void hasNoLineForAFailedHandshake() throws IOException {
      try (AccessLog log = open(Format.COMBINED)) {
        log.tlsForLoop(0).handshakeFailed(failed(HandshakeFailure.NOT_TLS, ""));
        log.forLoop(0).rejected("https", "192.0.2.7", "bad_chunk");
      }

      assertThat(text())
          .isEqualTo("192.0.2.7 - - [23/Nov/2026:09:08:07 +0000] \"-\" 400 0 \"-\" \"-\"\n");
    }
  }

  @Nested
  class Sampling {
    @Test
    void writesAboutTheShareThatWasAskedFor() throws IOException {
      assertThat(linesOf(25, LoggedExchange.ordinary(), 4_000)).isBetween(900L, 1_100L);
    }

    @Test
    void alwaysWritesFailures() throws IOException {
      assertThat(linesOf(0, LoggedExchange.ordinary().withStatus(503), 10)).isEqualTo(10);
      assertThat(linesOf(0, LoggedExchange.ordinary().withError("client_left"), 10)).isEqualTo(10);
      assertThat(linesOf(0, LoggedExchange.ordinary().withStatus(404), 10)).isZero();
    }

    private long linesOf(double percent, LoggedExchange exchange, int times) throws IOException {
      output.reset();
      var config = new AccessLogConfig(Optional.empty(), Format.COMBINED, percent);
      try (AccessLog log = AccessLog.open(config, setup(1, output))) {
        for (int i = 0; i < times; i++) {
          log.forLoop(0).ended(exchange);
        }
      }
      return text().lines().count();
    }
  }

  @Test
  void writesNothingWhereTheFormatIsOff() throws IOException {
    try (AccessLog log = open(Format.OFF)) {
      log.forLoop(0).ended(LoggedExchange.ordinary());
      log.reopen().toCompletableFuture().join();
    }

    assertThat(text()).isEmpty();
    assertThat(counts.dropped()).isZero();
  }

  @Test
  void stampsEachLineWithItsOwnTime() throws IOException {
    try (AccessLog log = open(Format.JSON)) {
      log.forLoop(0).ended(LoggedExchange.ordinary());
      clock.advance(Duration.ofMillis(935));
      log.forLoop(0).ended(LoggedExchange.ordinary());
    }

    assertThat(text().lines().map(line -> line.substring(9, 33)))
        .containsExactly("2026-11-23T09:08:07.065Z", "2026-11-23T09:08:08.000Z");
  }

  @Nested
  class WhenTheWriterFallsBehind {
    @Test
    void dropsAndCountsLinesRatherThanBlockTheEventLoop() throws IOException {
      CountDownLatch disk = new CountDownLatch(1);
      int lines = 20_000;
      try (AccessLog log = AccessLog.open(config(Format.JSON), setup(1, stuckUntil(disk)))) {
        for (int i = 0; i < lines; i++) {
          log.forLoop(0).ended(LoggedExchange.ordinary());
        }
        assertThat(counts.dropped()).isPositive();
        disk.countDown();
      }

      assertThat(text().lines().count() + counts.dropped()).isEqualTo(lines);
      assertThat(text().lines()).allMatch(line -> line.startsWith("{") && line.endsWith("}"));
    }

    private OutputStream stuckUntil(CountDownLatch disk) {
      return new OutputStream() {
        @Override
        public void write(int octet) {
          output.write(octet);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
          try {
            disk.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          output.write(bytes, offset, length);
        }
      };
    }
  }

  @Test
  void keepsEveryLineWholeWithSeveralEventLoopsAtOnce() throws Exception {
    int loops = 3;
    int lines = 20_000;
    try (AccessLog log = AccessLog.open(config(Format.COMBINED), setup(loops, output))) {
      Thread[] threads = new Thread[loops];
      for (int loop = 0; loop < loops; loop++) {
        ExchangeListener listener = log.forLoop(loop);
        threads[loop] =
            new Thread(
                () -> {
                  for (int i = 0; i < lines; i++) {
                    listener.ended(LoggedExchange.ordinary());
                  }
                });
        threads[loop].start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }

    assertThat(text().lines().count() + counts.dropped()).isEqualTo((long) loops * lines);
    assertThat(text().lines().distinct()).hasSize(1);
  }

  @Nested
  class OnDisk {
    @TempDir Path directory;

    @Test
    void reopensItsPathSoThatARenamedFileIsLeftAlone() throws IOException {
      Path file = directory.resolve("access.log");
      Path rotated = directory.resolve("access.log.1");
      try (AccessLog log = openFile(file)) {
        log.forLoop(0).ended(LoggedExchange.ordinary().withTarget("/before"));
        Files.move(file, rotated);
        log.reopen().toCompletableFuture().join();
        log.forLoop(0).ended(LoggedExchange.ordinary().withTarget("/after"));
      }

      assertThat(Files.readString(rotated)).contains("/before").doesNotContain("/after");
      assertThat(Files.readString(file)).contains("/after").doesNotContain("/before");
    }

    @Test
    void appendsToWhatIsThere() throws IOException {
      Path file = Files.writeString(directory.resolve("access.log"), "earlier\n");
      try (AccessLog log = openFile(file)) {
        log.forLoop(0).ended(LoggedExchange.ordinary());
      }

      assertThat(Files.readAllLines(file)).hasSize(2).startsWith("earlier");
    }

    @Test
    void isNotReadableByTheWorld() throws IOException {
      Path file = directory.resolve("access.log");
      openFile(file).close();

      assertThat(Files.getPosixFilePermissions(file).toString()).doesNotContain("OTHERS");
    }

    @Test
    void refusesAPathThatCannotBeOpened() {
      assertThatThrownBy(() -> openFile(directory.resolve("missing/access.log")))
          .isInstanceOf(IOException.class);
    }

    @Test
    void staysWithTheOldFileWhereThePathCannotBeReopened() throws IOException {
      Path folder = Files.createDirectory(directory.resolve("logs"));
      try (AccessLog log = openFile(folder.resolve("access.log"))) {
        Files.move(folder, directory.resolve("gone"));
        log.reopen().toCompletableFuture().join();
        log.forLoop(0).ended(LoggedExchange.ordinary());
      }

      assertThat(Files.readAllLines(directory.resolve("gone/access.log"))).hasSize(1);
      assertThat(counts.writeErrors()).isEqualTo(1);
    }

    @Test
    void countsWhatAFullDiskRefusesAndGoesOn() throws IOException {
      try (AccessLog log = openFile(Path.of("/dev/full"))) {
        log.forLoop(0).ended(LoggedExchange.ordinary());
        log.reopen().toCompletableFuture().join();
        log.forLoop(0).ended(LoggedExchange.ordinary());
      }

      assertThat(counts.writeErrors()).isEqualTo(2);
    }

    private AccessLog openFile(Path file) throws IOException {
      return AccessLog.open(
          new AccessLogConfig(Optional.of(file), Format.COMBINED, 100), setup(1, output));
    }
  }

  @Nested
  class AcrossReloads {
    @Test
    void listenersFollowToTheNextLog() throws IOException {
      ByteArrayOutputStream next = new ByteArrayOutputStream();
      CurrentAccessLog current = new CurrentAccessLog(open(Format.JSON));
      ExchangeListener listener = current.forLoop(0);
      listener.ended(LoggedExchange.ordinary());

      AccessLog second = AccessLog.open(config(Format.COMBINED), setup(1, next));
      current.follow(second).close();
      listener.ended(LoggedExchange.ordinary());
      second.close();

      assertThat(text()).startsWith("{").hasLineCount(1);
      assertThat(next.toString(US_ASCII)).startsWith("192.0.2.7 - - [").hasLineCount(1);
    }

    @Test
    void aClosedLogCountsWhatStillComes() throws IOException {
      AccessLog log = open(Format.JSON);
      log.close();
      log.forLoop(0).ended(LoggedExchange.ordinary());

      assertThat(text()).isEmpty();
      assertThat(counts.dropped()).isEqualTo(1);
    }
  }

  private String line(Format format, LoggedExchange exchange) throws IOException {
    output.reset();
    try (AccessLog log = open(format)) {
      log.forLoop(0).ended(exchange);
    }
    return text();
  }

  private AccessLog open(Format format) throws IOException {
    return AccessLog.open(config(format), setup(1, output));
  }

  private static AccessLogConfig config(Format format) {
    return new AccessLogConfig(Optional.empty(), format, 100);
  }

  private AccessLogSetup setup(int loops, OutputStream standardOutput) {
    return new AccessLogSetup(loops, clock, standardOutput, new SplittableRandom(1), counts);
  }

  private String text() {
    return output.toString(US_ASCII);
  }

  private static FailedHandshake failed(HandshakeFailure failure, String detail) {
    return new FailedHandshake(
        "https", "other", failure, "192.0.2.7", detail, java.util.Optional.empty());
  }
}
