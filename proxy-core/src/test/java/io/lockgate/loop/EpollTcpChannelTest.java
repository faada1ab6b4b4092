package io.lockgate.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two ends of a connection within the process, each of which must tell what the other one does. */
class EpollTcpChannelTest {
  private static final byte[] IPV6_LOOPBACK = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

  private final CompletableFuture<EpollTcpChannel> acceptedChannel = new CompletableFuture<>();
  private final ListeningChannel listening =
      ListeningChannel.of(
          Transport.EPOLL,
          new ServerBootstrap()
              .childHandler(
                  new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelActive(ChannelHandlerContext context) {
                      acceptedChannel.complete((EpollTcpChannel) context.channel());
                    }
                  }));
  private final InetSocketAddress destination = (InetSocketAddress) listening.address();

  @AfterEach
  void close() {
    listening.close();
  }

  @Test
  void bothEndsKnowBothAddresses() {
    EpollTcpChannel connected = connect(destination);
    EpollTcpChannel accepted = acceptedChannel.join();
    assertThat(connected.remoteAddress()).isEqualTo(destination);
    assertThat(accepted.localAddress()).isEqualTo(destination);
    assertThat(accepted.remoteAddress()).isEqualTo(connected.localAddress());
  }

  @Test
  void whoListensEverywhereIsToldWhereEachClientConnectedTo() throws Exception {
    InetAddress another = InetAddress.getByName("127.0.0.2");
    Channel everywhere = listening.alsoOn(new InetSocketAddress("0.0.0.0", 0));
    int port = ((InetSocketAddress) everywhere.localAddress()).getPort();
    connect(new InetSocketAddress(another, port));
    assertThat(acceptedChannel.join().localAddress())
        .isEqualTo(new InetSocketAddress(another, port));
  }

  @Test
  void bothEndsSendAtOnce() {
    assertThat(connect(destination).config().isTcpNoDelay()).isTrue();
    assertThat(acceptedChannel.join().config().isTcpNoDelay()).isTrue();
  }

  @Test
  void asksForNoAddressOfADescriptorThatItHasGivenBack() {
    EpollTcpChannel connected = connect(destination);
    connected.close().syncUninterruptibly();
    assertThat(connected.localAddress()).isNull();
  }

  @Test
  void connectsOverIpv6() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByAddress(IPV6_LOOPBACK))) {
      var address = (InetSocketAddress) server.getLocalSocketAddress();
      assertThat(connect(address).remoteAddress()).isEqualTo(address);
    }
  }

  @Test
  void saysWhereNobodyListens() {
    listening.channel().close().syncUninterruptibly();
    assertThatThrownBy(() -> connect(destination))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("Connection refused")
        .hasMessageContaining(destination.toString());
  }

  @Test
  void knowsOfAConnectionThatItIsEstablished() {
    EpollTcpChannel connected = connect(destination);
    assertThat(SocketState.gone(connected)).isFalse();
    assertThat(connected.tcpInfo().state()).isEqualTo(1);
    assertThat(connected.tcpInfo().unacked()).isZero();
  }

  @Test
  void socketsTakeOptions() {
    Channel connected = connect(destination);
    assertThat(connected.config().setOption(ChannelOption.SO_LINGER, 0)).isTrue();
    assertThat(connected.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true)).isTrue();
    assertThat(connected.config().getOptions())
        .containsEntry(ChannelOption.SO_LINGER, 0)
        .containsEntry(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .containsKey(ChannelOption.AUTO_READ);
  }

  private EpollTcpChannel connect(InetSocketAddress to) {
    return (EpollTcpChannel)
        new Bootstrap()
            .group(listening.group())
            .channelFactory(() -> Transport.EPOLL.socketChannel(to))
            .handler(new ChannelInboundHandlerAdapter())
            .connect(to)
            .syncUninterruptibly()
            .channel();
  }
}
