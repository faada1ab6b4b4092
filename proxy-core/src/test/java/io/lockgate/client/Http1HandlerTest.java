package io.lockgate.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Http1HandlerTest {
  private static final String PONG = "GET /pong HTTP/1.1|Host: a.test||";
  private static final String APP = "GET /app HTTP/1.1|Host: a.test||";

  private final ClientScene scene = new ClientScene(true, Http1Handler::new);

  @AfterEach
  void close() {
    scene.close();
  }

  @Nested
  class WhenRequestsComeOneAfterAnother {
    @Test
    void answersFiftyPipelinedRequestsInOrder() {
      StringBuilder all = new StringBuilder();
      for (int i = 0; i < 50; i++) {
        all.append("GET /pong?").append(i).append(" HTTP/1.1|Host: a.test||");
      }
      scene.send(all.toString());
      assertThat(scene.text().split("HTTP/1.1 200 OK", -1)).hasSize(51);
      assertThat(scene.ends).hasSize(50).startsWith("/pong?0 200 ").endsWith("/pong?49 200 ");
    }

    @Test
    void servesTheSecondOnlyAfterTheFirstIsAnswered() {
      scene.send(APP + APP);
      assertThat(scene.server.streams).hasSize(1);
      scene.server.last().answer("one");
      assertThat(scene.server.streams).hasSize(2);
      scene.server.last().answer("two");
      scene.settle();
      assertThat(scene.text()).containsSubsequence("|one", "HTTP/1.1 200", "|two");
    }

    @Test
    void takesAHeadThatComesOctetByOctet() {
      for (char c : PONG.replace("|", "\r\n").toCharArray()) {
        scene.send(String.valueOf(c));
      }
      assertThat(scene.text()).endsWith("||pong");
    }

    @Test
    void ignoresWhatFollowsConnectionClose() {
      scene.send("GET /pong HTTP/1.1|Host: a.test|Connection: close||" + PONG);
      assertThat(scene.text()).containsOnlyOnce("HTTP/1.1 200").contains("|Connection: close|");
      assertThat(scene.ends).hasSize(1);
      scene.pass(Duration.ofSeconds(3));
      assertThat(scene.channel.isOpen()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"'', close", "'Connection: keep-alive|', keep-alive"})
    void keepsAnHttp10ConnectionOnlyIfAsked(String field, String answered) {
      scene.send("GET /pong HTTP/1.0|Host: a.test|" + field + "|");
      assertThat(scene.text()).contains("|Connection: " + answered + "|");
      assertThat(scene.channel.isOpen()).isEqualTo(answered.equals("keep-alive"));
    }
  }

  @Nested
  class WhenTheClientIsSlow {
    @Test
    void answers408ToAHeadThatIsNotWholeInTime() {
      scene.send("GET / HTTP/1.1|Host:");
      scene.pass(Duration.ofSeconds(9));
      assertThat(scene.text()).isEmpty();
      scene.pass(Duration.ofSeconds(2));
      assertThat(scene.text()).startsWith("HTTP/1.1 408 ").contains("|Connection: close|");
      scene.pass(Duration.ofSeconds(3));
      assertThat(scene.channel.isOpen()).isFalse();
    }

    @Test
    void doesNotLetDribbledOctetsProlongTheHead() {
      scene.send("GET / HTTP/1.1|X: ");
      for (int i = 0; i < 11; i++) {
        scene.send("y");
        scene.pass(Duration.ofSeconds(1));
      }
      assertThat(scene.text()).startsWith("HTTP/1.1 408 ");
    }

    @Test
    void answers408ToContentThatStops() {
      scene.send("POST /app HTTP/1.1|Host: a.test|Content-Length: 10||abc");
      scene.pass(Duration.ofSeconds(31));
      assertThat(scene.text()).startsWith("HTTP/1.1 408 ");
      assertThat(scene.server.last().cancelled).isTrue();
      assertThat(scene.ends).containsExactly("/app 408 request_timeout");
    }

    @Test
    void closesAnIdleConnectionInSilence() {
      scene.send(PONG);
      scene.text();
      scene.pass(Duration.ofSeconds(74));
      assertThat(scene.channel.isOpen()).isTrue();
      scene.pass(Duration.ofSeconds(2));
      assertThat(scene.channel.isOpen()).isFalse();
      assertThat(scene.text()).isEmpty();
    }

    @Test
    void closesOnAClientThatDoesNotRead() {
      scene.send(APP);
      scene.server.last().head("HTTP/1.1 200 OK|Content-Length: 1000||");
      scene.settle();
      scene.writable(false);
      assertThat(scene.server.last().dataWanted).isFalse();
      scene.pass(Duration.ofSeconds(31));
      assertThat(scene.channel.isOpen()).isFalse();
      assertThat(scene.server.last().cancelled).isTrue();
    }

    @Test
    void goesOnOnceTheClientReadsAgain() {
      scene.send(APP);
      scene.server.last().head("HTTP/1.1 200 OK|Content-Length: 4||");
      scene.writable(false);
      scene.pass(Duration.ofSeconds(20));
      scene.writable(true);
      scene.pass(Duration.ofSeconds(40));
      scene.server.last().data("done");
      scene.server.last().end();
      scene.settle();
      assertThat(scene.text()).endsWith("||done");
      assertThat(scene.channel.isOpen()).isTrue();
    }
  }

  @Nested
  class WhenTheAnswerComesBeforeTheContent {
    @Test
    void saysThatItClosesAndSwallowsTheRest() {
      scene.send("POST /app HTTP/1.1|Host: a.test|Content-Length: 900000||abc");
      scene.server.last().answer("no");
      scene.settle();
      assertThat(scene.text()).contains("|Connection: close|").endsWith("||no");
      scene.send("x".repeat(70_000) + PONG);
      assertThat(scene.text()).isEmpty();
      assertThat(scene.ends).hasSize(1);
      scene.pass(Duration.ofSeconds(3));
      assertThat(scene.channel.isOpen()).isFalse();
    }

    @Test
    void livesOnWhereLittleIsLeft() {
      scene.send("POST /app HTTP/1.1|Host: a.test|Content-Length: 10||abc");
      scene.server.last().answer("no");
      scene.send("defghij" + PONG);
      assertThat(scene.text()).doesNotContain("Connection: close").endsWith("||pong");
    }
  }

  @Test
  void refusesWhatIsNoRequestAndServesNothingAfterIt() {
    scene.send("GET /a b HTTP/1.1|Host: a.test||" + PONG);
    assertThat(scene.text()).startsWith("HTTP/1.1 400 ").containsOnlyOnce("HTTP/1.1 ");
    assertThat(scene.rejections).containsExactly("bad_request_line");
    assertThat(scene.ends).isEmpty();
  }

  @Test
  void answersBrokenChunksWith400AndCancelsTheServer() {
    scene.send("POST /app HTTP/1.1|Host: a.test|Transfer-Encoding: chunked||3|abcX|");
    assertThat(scene.text()).startsWith("HTTP/1.1 400 ").contains("|Connection: close|");
    assertThat(scene.server.last().cancelled).isTrue();
  }

  @Test
  void forwardsTrailersOfTheRequest() {
    scene.send("POST /app HTTP/1.1|Host: a.test|Transfer-Encoding: chunked||3|abc|0|X-Sum: 1||");
    assertThat(scene.server.last().content).hasToString("abc");
    assertThat(scene.server.last().trailers).isEqualToIgnoringCase("x-sum: 1|");
    assertThat(scene.server.last().ended).isTrue();
  }

  @Test
  void passesInterimResponsesToHttp11Only() {
    scene.send(APP);
    scene.server.last().interim(103);
    scene.server.last().answer("");
    scene.send("GET /app HTTP/1.0|Host: a.test||");
    scene.server.last().interim(103);
    scene.server.last().answer("");
    scene.settle();
    assertThat(scene.text()).startsWith("HTTP/1.1 103 ").containsOnlyOnce(" 103 ");
  }

  @Test
  void sendsNoContentInAnswerToHead() {
    scene.send("HEAD /pong HTTP/1.1|Host: a.test||");
    assertThat(scene.text()).contains("|Content-Length: 4|").endsWith("||");
  }

  @Test
  void cancelsTheServerWhenTheClientLeaves() {
    scene.send(APP);
    scene.channel.close();
    assertThat(scene.server.last().cancelled).isTrue();
    assertThat(scene.ends).containsExactly("/app 499 client_closed");
  }

  @Test
  void hearsOfTheEndOfAClientsHalfOnlyAfterTheAnswerHasLeft() {
    List<Object> heard = new ArrayList<>();
    scene.channel.pipeline().addLast(new EventRecorder(heard));
    scene.send(APP);
    scene.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    scene.settle();
    assertThat(heard).as("while it is answered").isEmpty();
    scene.server.last().answer("whole");
    assertThat(heard).as("before the answer has left").isEmpty();
    scene.settle();
    assertThat(scene.text()).endsWith("||whole");
    assertThat(heard).containsExactly(ChannelInputShutdownEvent.INSTANCE);
  }

  private static final class EventRecorder extends ChannelInboundHandlerAdapter {
    private final List<Object> heard;

    EventRecorder(List<Object> heard) {
      this.heard = heard;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      heard.add(event);
    }
  }

  @Test
  void cutsAResponseThatTheServerDoesNotFinish() {
    scene.send(APP);
    scene.server.last().head("HTTP/1.1 200 OK|Content-Length: 10||");
    scene.server.last().data("abc");
    scene.server.fail();
    scene.settle();
    assertThat(scene.channel.isOpen()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "a.test, /pong, 200",
    "a.test, /nowhere, 404",
    "a.test, /put, 405",
    "b.test, /pong, 421",
    "c.test, /pong, 421"
  })
  void routesByHostAndPath(String host, String path, int status) {
    scene.send("GET " + path + " HTTP/1.1|Host: " + host + "||");
    assertThat(scene.text()).startsWith("HTTP/1.1 " + status + " ");
  }
}
