package io.lockgate.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.loop.ManualLoop;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a WebSocket ends when its connection is to. */
class TunnelTest {
  private static final String HANDSHAKE =
      "GET /chat HTTP/1.1|Host: a.example|Connection: Upgrade|Upgrade: websocket"
          + "|Sec-WebSocket-Version: 13|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==||";

  /** A Close frame with the code 1001, read as Latin-1. */
  private static final String GOING_AWAY = "\u0088\u0002\u0003\u00e9";

  private final Scene scene = new Scene(new ManualLoop());
  private Exchange exchange;
  private ScriptedStream server;

  @BeforeEach
  void bothSidesAgree() {
    exchange = scene.begin(HANDSHAKE);
    server = scene.upstream.open().agree();
  }

  @AfterEach
  void leavesNothingBehind() {
    scene.leavesNothingBehind();
  }

  private void says(String frames) {
    server.send(scene.buffers.of(frames));
  }

  @Test
  void clientIsToldAtOnceBetweenTwoFrames() {
    says("\u0001\u0002hi");
    exchange.closeTunnel();
    assertThat(scene.client.content).hasToString("\u0001\u0002hi" + GOING_AWAY);
    server.end();
  }

  @Test
  void clientIsToldOnceTheServerHasEndedItsFrame() {
    says("\u0001\u0005hel");
    exchange.closeTunnel();
    assertThat(scene.client.content).hasToString("\u0001\u0005hel");
    says("lo\u0001\u0003not");
    assertThat(scene.client.content).hasToString("\u0001\u0005hello" + GOING_AWAY);
    server.end();
  }

  @Test
  void nothingOfTheServerFollowsTheClose() {
    exchange.closeTunnel();
    says("\u0001\u0002hi");
    assertThat(scene.client.content).hasToString(GOING_AWAY);
    server.end();
  }

  @Test
  void aServerThatHasSaidCloseItselfIsNotTalkedOver() {
    says("\u0008\u0000");
    exchange.closeTunnel();
    assertThat(scene.client.content).hasToString("\u0008\u0000");
    server.end();
  }

  @Test
  void isSaidOnce() {
    exchange.closeTunnel();
    exchange.closeTunnel();
    assertThat(scene.client.content).hasToString(GOING_AWAY);
    server.end();
  }

  @Test
  void theClientsAnswerStillReachesTheServer() {
    exchange.closeTunnel();
    exchange.requestData(scene.buffers.of("bye"));
    assertThat(server.content).hasToString("bye");
    server.end();
    assertThat(scene.client.ends).isEqualTo(1);
    assertThat(scene.listener.error).isEmpty();
  }

  @Test
  void sidesThatDoNotEndItAreLeftAfterAWhile() {
    exchange.closeTunnel();
    scene.loop.pass(Duration.ofSeconds(6));
    assertThat(server.cancelled).isTrue();
    assertThat(scene.client.ends).isEqualTo(1);
    assertThat(scene.listener.error).isEqualTo("drained");
  }
}
