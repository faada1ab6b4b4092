package io.lockgate.tls;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.nio.channels.NotYetConnectedException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says to a peer that nothing follows, while its own octets can still be read. */
public final class OutputClose {
  private static final Logger LOG = LoggerFactory.getLogger(OutputClose.class);

  private OutputClose() {}

  /**
   * Sends close_notify where there is TLS (RFC 8446 section 6.1), closes the sending half of the
   * connection where there is none. On the channel's event loop, after the last write was flushed.
   */
  public static void of(Channel channel) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls != null) {
      tls.closeOutbound();
    } else if (channel instanceof UnixChannel unix && unix.fd() instanceof Socket socket) {
      shutDown(socket);
    } else if (channel instanceof DuplexChannel duplex && channel.isActive()) {
      duplex.shutdownOutput();
    }
  }

  /**
   * Spares what Netty does beside: an exception with all its frames, for writes that might wait and
   * that there are none of here.
   */
  private static void shutDown(Socket socket) {
    try {
      socket.shutdown(false, true);
    } catch (IOException | NotYetConnectedException e) {
      LOG.trace("a socket that is gone cannot be told that nothing follows", e);
    }
  }

  /**
   * The same once all that was written is out: what waits for a socket that takes nothing now would
   * be dropped. On the channel's event loop.
   */
  public static void afterWrites(ChannelHandlerContext context) {
    context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> of(context.channel()));
  }

  /**
   * Closes once all that was written is out, with close_notify behind it where there is TLS, which
   * leaves in one piece with the last octets. On the channel's event loop.
   */
  public static void closeAfterWrites(ChannelHandlerContext context) {
    Optional<TlsInput> input = TlsInput.of(context.channel());
    SslHandler tls = context.pipeline().get(SslHandler.class);
    if (input.isEmpty() || tls == null) {
      context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
      return;
    }
    ChannelPromise out = context.newPromise();
    out.addListener(ChannelFutureListener.CLOSE);
    input
        .get()
        .together(
            () -> {
              context.flush();
              tls.closeOutbound(out);
            });
  }

  /**
   * Closes without a close_notify, which would say that all was sent. On the channel's event loop.
   */
  public static void cut(Channel channel) {
    ChannelHandlerContext tls = channel.pipeline().context(SslHandler.class);
    if (tls != null) {
      TlsTimeout.Counting counting = channel.pipeline().get(TlsTimeout.Counting.class);
      if (counting != null) {
        counting.cutOff();
      }
      tls.close();
    } else {
      channel.close();
    }
  }
}
