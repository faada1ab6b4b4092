package io.lockgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.http.HeadScanner.Progress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadScannerTest {
  private final HeadScanner scanner = new HeadScanner(Heads.LIMITS);
  private final RequestHead request = new RequestHead();
  private final ResponseHead response = new ResponseHead();

  @Nested
  class OnAWellFormedRequest {
    @Test
    void marksTheRequestLineAndEachField() {
      ByteBuf in =
          Heads.octets("POST /a?b=c HTTP/1.1|Host: x.test|X-Empty:|x-L:  caf\u00e9 \t|rest");
      assertThat(scanner.scanRequest(in, request)).isEqualTo(Progress.INCOMPLETE);

      in = Heads.octets("POST /a?b=c HTTP/1.1|Host: x.test|X-Empty:|x-L:  caf\u00e9 \t||rest");
      scanner.reset();
      assertThat(scanner.scanRequest(in, request)).isEqualTo(Progress.COMPLETE);
      assertThat(request.method()).isEqualTo(Method.POST);
      assertThat(request.target()).isEqualTo("/a?b=c");
      assertThat(request.version()).isEqualTo(HttpVersion.HTTP_1_1);
      assertThat(Heads.live(request.fields()))
          .containsExactly("Host: x.test", "X-Empty: ", "x-L: caf\u00e9");
      assertThat(request.fields().id(0)).isEqualTo(FieldName.HOST);
      assertThat(Heads.text(in)).isEqualTo("rest");
    }

    @Test
    void leavesTheNextRequestInTheBufferAndScansItWithoutReset() {
      ByteBuf in = Heads.octets("GET /1 HTTP/1.1||GET /2 HTTP/1.0||");
      assertThat(scanner.scanRequest(in, request)).isEqualTo(Progress.COMPLETE);
      assertThat(request.target()).isEqualTo("/1");
      assertThat(scanner.scanRequest(in, request)).isEqualTo(Progress.COMPLETE);
      assertThat(request.target()).isEqualTo("/2");
      assertThat(request.version()).isEqualTo(HttpVersion.HTTP_1_0);
      assertThat(in.isReadable()).isFalse();
    }

    @Test
    void passesOverOneEmptyLineBeforeIt() {
      assertThat(scanner.scanRequest(Heads.octets("|GET / HTTP/1.1||"), request))
          .isEqualTo(Progress.COMPLETE);
      assertThat(request.target()).isEqualTo("/");
    }

    @Test
    void takesHeadsLargerThanItsBlocks() {
      String long1 = "a".repeat(3000);
      String text = "GET /" + long1 + " HTTP/1.1|X-A: " + long1 + "|Host: b||";
      assertThat(scanner.scanRequest(Heads.octets(text), request)).isEqualTo(Progress.COMPLETE);
      assertThat(request.target()).hasSize(3001);
      assertThat(request.fields().value(0)).isEqualTo(long1);
      assertThat(request.fields().value(1)).isEqualTo("b");
    }

    @Test
    void saysWhetherAHeadHasBegun() {
      assertThat(scanner.begun()).isFalse();
      scanner.scanRequest(Unpooled.EMPTY_BUFFER, request);
      assertThat(scanner.begun()).isFalse();
      scanner.scanRequest(Heads.octets("|"), request);
      assertThat(scanner.begun()).as("an empty line is no head").isFalse();
      scanner.scanRequest(Heads.octets("|G"), request);
      assertThat(scanner.begun()).isTrue();
      scanner.scanRequest(Heads.octets("|GET / HTTP/1.1||"), request);
      assertThat(scanner.begun()).isFalse();
    }
  }

  @Test
  void aRefusalLasts() {
    ByteBuf in = Heads.octets("GET / HTTP/1.1\nHost: a||");
    assertThat(scanner.scanRequest(in, request)).isEqualTo(Progress.REFUSED);
    assertThat(scanner.scanRequest(in, request)).isEqualTo(Progress.REFUSED);
    assertThat(scanner.rule()).isEqualTo(FramingRule.BAD_LINE_END);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1|Host: a||",
        "|DELETE /x?y HTTP/1.0|A:b|C:\t d \t|E:||",
        "POST http://h:1/ HTTP/1.1|Host: h:1|Content-Length: 10||0123456789"
      })
  void givesTheSameHeadHoweverItIsCut(String text) {
    ByteBuf whole = Heads.octets(text);
    RequestHead expected = new RequestHead();
    assertThat(scanner.scanRequest(whole.duplicate(), expected)).isEqualTo(Progress.COMPLETE);
    for (int cut = 0; cut < whole.readableBytes(); cut++) {
      ByteBuf in = whole.duplicate();
      scanner.reset();
      Progress first = scanner.scanRequest(in.slice(0, cut), request);
      if (first == Progress.INCOMPLETE) {
        assertThat(scanner.scanRequest(in, request))
            .as("cut at " + cut)
            .isEqualTo(Progress.COMPLETE);
      }
      assertThat(request.target()).isEqualTo(expected.target());
      assertThat(Heads.live(request.fields())).isEqualTo(Heads.live(expected.fields()));
    }
  }

  @Test
  void leavesTheReaderIndexWhereItWasUntilTheHeadIsComplete() {
    ByteBuf in = Unpooled.buffer();
    String text = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    for (int i = 0; i < text.length() - 1; i++) {
      in.writeByte(text.charAt(i));
      assertThat(scanner.scanRequest(in, request)).isEqualTo(Progress.INCOMPLETE);
      assertThat(in.readerIndex()).isZero();
    }
    in.writeByte('\n');
    assertThat(scanner.scanRequest(in, request)).isEqualTo(Progress.COMPLETE);
    assertThat(in.readerIndex()).isEqualTo(text.length());
  }

  @Nested
  class OnLimits {
    private final HeadScanner narrow = new HeadScanner(new HeadLimits(64, 2, 20));

    @ParameterizedTest
    @ValueSource(strings = {"", "|"})
    void acceptsARequestLineOfExactlyTheLimit(String before) {
      String line = before + "GET /1234567 HTTP/1.1";
      assertThat(narrow.scanRequest(Heads.octets(line.replace("7", "") + "||"), request))
          .isEqualTo(Progress.COMPLETE);
      assertThat(narrow.scanRequest(Heads.octets(line + "||"), request))
          .isEqualTo(Progress.REFUSED);
      assertThat(narrow.rule()).isEqualTo(FramingRule.START_LINE_TOO_LONG);
      assertThat(narrow.rule().status()).isEqualTo(414);
    }

    @Test
    void refusesALongRequestLineBeforeItEnds() {
      assertThat(narrow.scanRequest(Heads.octets("GET /" + "a".repeat(16)), request))
          .isEqualTo(Progress.INCOMPLETE);
      assertThat(narrow.scanRequest(Heads.octets("GET /" + "a".repeat(17)), request))
          .isEqualTo(Progress.REFUSED);
      assertThat(narrow.rule()).isEqualTo(FramingRule.START_LINE_TOO_LONG);
    }

    @Test
    void acceptsAHeadOfExactlyTheLimitAndRefusesOneOctetMore() {
      String head = "GET / HTTP/1.1|A: " + "b".repeat(64 - 16 - 3 - 4);
      assertThat(narrow.scanRequest(Heads.octets(head + "||"), request))
          .isEqualTo(Progress.COMPLETE);
      assertThat(narrow.scanRequest(Heads.octets(head + "b||"), request))
          .isEqualTo(Progress.REFUSED);
      assertThat(narrow.rule()).isEqualTo(FramingRule.HEAD_TOO_LARGE);
      assertThat(narrow.rule().status()).isEqualTo(431);
    }

    @Test
    void refusesMoreFieldsThanTheLimit() {
      assertThat(narrow.scanRequest(Heads.octets("GET / HTTP/1.1|a:1|b:2||"), request))
          .isEqualTo(Progress.COMPLETE);
      assertThat(narrow.scanRequest(Heads.octets("GET / HTTP/1.1|a:1|b:2|c:3||"), request))
          .isEqualTo(Progress.REFUSED);
      assertThat(narrow.rule()).isEqualTo(FramingRule.TOO_MANY_FIELDS);
    }
  }

  @Nested
  class OnAResponse {
    @ParameterizedTest
    @ValueSource(
        strings = {"HTTP/1.1 200 OK|", "HTTP/1.1 200 |", "HTTP/1.1 200|", "HTTP/1.1 200 \u00e9 x|"})
    void acceptsAnyReasonOrNone(String line) {
      assertThat(scanner.scanResponse(Heads.octets(line + "Server: s||x"), response))
          .isEqualTo(Progress.COMPLETE);
      assertThat(response.status()).isEqualTo(200);
      assertThat(response.fields().valueOf(FieldName.SERVER)).isEqualTo("s");
    }

    @Test
    void givesTheSameHeadHoweverItIsCut() {
      ByteBuf whole = Heads.octets("HTTP/1.0 404 Not Found|Content-Length: 0|A: b||");
      for (int cut = 0; cut < whole.readableBytes(); cut++) {
        scanner.reset();
        assertThat(scanner.scanResponse(whole.slice(0, cut), response))
            .isEqualTo(Progress.INCOMPLETE);
        assertThat(scanner.scanResponse(whole.duplicate(), response)).isEqualTo(Progress.COMPLETE);
        assertThat(response.status()).isEqualTo(404);
        assertThat(response.reason()).isEqualTo("Not Found");
        assertThat(Heads.live(response.fields())).containsExactly("Content-Length: 0", "A: b");
      }
    }
  }
}
