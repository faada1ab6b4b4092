package io.lockgate.listen;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.OpenSslCertificateCompressionConfig;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A client of the engine that browsers use, for what the JDK's cannot do. */
final class BoringClient implements AutoCloseable {
  private final MultiThreadIoEventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ReferenceCountedOpenSslContext context;

  BoringClient(X509Certificate root, OpenSslCertificateCompressionConfig decompression)
      throws Exception {
    context =
        (ReferenceCountedOpenSslContext)
            SslContextBuilder.forClient()
                .sslProvider(SslProvider.OPENSSL_REFCNT)
                .trustManager(root)
                .protocols("TLSv1.3")
                .option(OpenSslContextOption.CERTIFICATE_COMPRESSION_ALGORITHMS, decompression)
                .build();
  }

  /**
   * Completes a handshake and leaves.
   *
   * @return how many bytes the server had sent by then
   */
  int visit(InetSocketAddress server, String name) throws Exception {
    AtomicInteger received = new AtomicInteger();
    SslHandler tls = context.newHandler(UnpooledByteBufAllocator.DEFAULT, name, server.getPort());
    Channel channel =
        new Bootstrap()
            .group(loop)
            .channel(NioSocketChannel.class)
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(new Counter(received), tls);
                  }
                })
            .connect(server)
            .syncUninterruptibly()
            .channel();
    try {
      if (!tls.handshakeFuture().await(10, TimeUnit.SECONDS)) {
        throw new AssertionError("no handshake in 10 seconds");
      }
      tls.handshakeFuture().sync();
      return received.get();
    } finally {
      channel.close().syncUninterruptibly();
    }
  }

  @Override
  public void close() {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    context.release();
  }

  private static final class Counter extends ChannelInboundHandlerAdapter {
    private final AtomicInteger received;

    Counter(AtomicInteger received) {
      this.received = received;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      received.addAndGet(((ByteBuf) message).readableBytes());
      context.fireChannelRead(message);
    }
  }
}
