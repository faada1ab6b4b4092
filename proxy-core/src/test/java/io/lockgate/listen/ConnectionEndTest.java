package io.lockgate.listen;

import static io.lockgate.tls.RecordingTlsListener.next;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.listen.TlsServer.Host;
import io.lockgate.testkit.TestCa;
import io.lockgate.tls.OutputClose;
import io.lockgate.tls.TlsInput;
import io.lockgate.tls.TlsListener.How;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

/** How connections over TLS end, and what is told of it. */
class ConnectionEndTest {
  private final TestCa ca = TestCa.root();

  @Test
  void tellsAnOrderlyEnd() throws Exception {
    try (TlsServer server = new TlsServer(Host.usual(ca, "a.example"))) {
      new TlsClient(ca.certificate()).visit(server.address(), "a.example");
      assertThat(next(server.events.closed)).isEqualTo(How.CLOSE_NOTIFY);
    }
  }

  @Test
  void tellsThatTheClientLeftWithoutAWord() throws Exception {
    try (TlsServer server = new TlsServer(Host.usual(ca, "a.example"));
        Socket plain = new Socket(server.address().getAddress(), server.address().getPort())) {
      TlsClient.exchange(
          new TlsClient(ca.certificate()).over(plain, server.address(), "a.example"));
      plain.shutdownOutput();
      assertThat(next(server.events.closed)).isEqualTo(How.TRUNCATED);
    }
  }

  @Test
  void tellsThatTheClientResetTheConnection() throws Exception {
    try (TlsServer server = new TlsServer(Host.usual(ca, "a.example"))) {
      try (Socket plain = new Socket(server.address().getAddress(), server.address().getPort())) {
        TlsClient.exchange(
            new TlsClient(ca.certificate()).over(plain, server.address(), "a.example"));
        plain.setSoLinger(true, 0);
      }
      assertThat(next(server.events.closed)).isEqualTo(How.RESET);
    }
  }

  @Test
  void tellsAnOrderlyEndWhenWeEndIt() throws Exception {
    try (TlsServer server = new TlsServer(Host.usual(ca, "a.example"))) {
      server.secured.set((channel, facts, decision) -> channel.close());
      try (SSLSocket socket =
          new TlsClient(ca.certificate()).connect(server.address(), "a.example")) {
        assertThat(socket.getInputStream().read()).as("close_notify").isEqualTo(-1);
      }
      assertThat(next(server.events.closed)).isEqualTo(How.CLOSE_NOTIFY);
    }
  }

  @Test
  void countsNoTruncationByTheClientWhereWeCutTheConnection() throws Exception {
    try (TlsServer server = new TlsServer(Host.usual(ca, "a.example"))) {
      server.secured.set((channel, facts, decision) -> OutputClose.cut(channel));
      try (SSLSocket socket =
          new TlsClient(ca.certificate()).connect(server.address(), "a.example")) {
        socket.startHandshake();
        assertThat(next(server.events.closed)).isEqualTo(How.ERROR);
      }
    }
  }

  @Test
  void answersWholeAClientThatHasEndedItsHalf() throws Exception {
    try (TlsServer server = new TlsServer(Host.usual(ca, "a.example"))) {
      CompletableFuture<Channel> asked = new CompletableFuture<>();
      server.secured.set(
          (channel, facts, decision) -> channel.pipeline().addLast(new Holder(asked)));
      try (SSLSocket socket =
          new TlsClient(ca.certificate()).connect(server.address(), "a.example")) {
        socket.getOutputStream().write('?');
        socket.shutdownOutput();
        Channel channel = asked.get(10, TimeUnit.SECONDS);
        channel.eventLoop().submit(() -> answer(channel)).get(10, TimeUnit.SECONDS);
        assertThat(socket.getInputStream().readAllBytes()).hasSize(100_000);
      }
      assertThat(next(server.events.closed)).isEqualTo(How.CLOSE_NOTIFY);
    }
  }

  private void answer(Channel channel) {
    channel
        .writeAndFlush(Unpooled.wrappedBuffer(new byte[100_000]))
        .addListener(written -> TlsInput.of(channel).orElseThrow().resume());
  }

  /** Holds the input at the first request, and answers nothing itself. */
  private static final class Holder extends ChannelInboundHandlerAdapter {
    private final CompletableFuture<Channel> asked;

    Holder(CompletableFuture<Channel> asked) {
      this.asked = asked;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ReferenceCountUtil.release(message);
      TlsInput.of(context.channel()).orElseThrow().hold();
      asked.complete(context.channel());
    }
  }
}
