package io.lockgate.relay;

import io.lockgate.tls.OutputClose;
import io.lockgate.tls.TlsEnd;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.util.ArrayDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last handler of one of a relay's two channels: hands what comes to the other one, as it comes
 * and no faster than that one takes it. Never holds more than one turn's reads. On the event loop
 * that both channels live on.
 */
final class RelaySide extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(RelaySide.class);

  /**
   * So much is sent at once, though more may be there to be read: a socket takes it, as a rule, and
   * so the other side need not be told to stop and to go on again for what was only not sent yet.
   */
  private static final int FLUSH_BYTES = 64 * 1024;

  private final Relay relay;
  private final Channel channel;
  private final boolean encrypted;

  /** What came before there was another side; owned here, until the relay drops it. */
  private final ArrayDeque<ByteBuf> early = new ArrayDeque<>(1);

  private RelaySide peer;
  private boolean broken;
  private boolean inputEnded;
  private boolean outputEnded;
  private boolean outputFinished;
  private boolean deaf;

  /** Bytes written since the last flush. */
  private int unsent;

  /**
   * @param encrypted whether TLS with this side ends here
   */
  RelaySide(Relay relay, Channel channel, boolean encrypted) {
    this.relay = relay;
    this.channel = channel;
    this.encrypted = encrypted;
  }

  Channel channel() {
    return channel;
  }

  void join(RelaySide other) {
    peer = other;
  }

  /** Takes over what the client sent before this handler was there. */
  void received(ByteBuf bytes) {
    if (bytes.isReadable()) {
      relay.passed(this, bytes.readableBytes());
      early.add(bytes);
    } else {
      bytes.release();
    }
  }

  /** Hands over what came before the other side was there. */
  void begin() {
    ByteBuf bytes;
    while ((bytes = early.poll()) != null) {
      peer.write(bytes);
    }
    peer.flush();
    channel.config().setAutoRead(peer.channel.isWritable());
    if (inputEnded) {
      peer.endOutput();
    }
  }

  // ---- what comes from this side

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    if (deaf) {
      bytes.release();
      return;
    }
    relay.passed(this, bytes.readableBytes());
    if (peer == null) {
      early.add(bytes);
      channel.config().setAutoRead(false);
      return;
    }
    peer.write(bytes);
    if (peer.unsent >= FLUSH_BYTES) {
      peer.flush();
      if (!peer.channel.isWritable()) {
        channel.config().setAutoRead(false);
      }
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (peer != null) {
      peer.flush();
    }
    relay.touched();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      // Of a side with TLS it comes only where nobody had said that nothing follows.
      broken |= encrypted;
      channel.config().setAutoRead(false); // else the loop is woken once more to learn the same
      endInput();
      return;
    }
    switch (TlsEnd.of(event)) {
      case ORDERLY -> {
        // The engine neither reads nor writes after this.
        outputEnded = true;
        outputFinished = true;
        endInput();
      }
      case TRUNCATED -> broken = true;
      case NONE -> context.fireUserEventTriggered(event);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug("exception on a relay's channel {}", channel, cause);
    broken = true;
    if (peer == null || inputEnded) {
      context.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    outputEnded = true;
    outputFinished = true;
    endInput();
    relay.sideClosed(this);
  }

  private void endInput() {
    if (!inputEnded) {
      inputEnded = true;
      relay.inputEnded(this);
    }
  }

  // ---- what goes to this side

  private void write(ByteBuf bytes) {
    if (outputEnded) {
      bytes.release();
    } else {
      unsent += bytes.readableBytes();
      channel.write(bytes, channel.voidPromise());
    }
  }

  private void flush() {
    unsent = 0;
    channel.flush();
  }

  /** This side's octets flow again, or pause, as the other one is ready to take them. */
  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (peer != null && !peer.deaf) {
      peer.channel.config().setAutoRead(channel.isWritable());
    }
    context.fireChannelWritabilityChanged();
  }

  /** Says that nothing follows, once all that was written is out. */
  void endOutput() {
    if (outputEnded) {
      relay.outputFinished();
      return;
    }
    outputEnded = true;
    afterWrites(
        () -> {
          if (!closesNow()) {
            OutputClose.of(channel);
            // Its end is the connection's from now on: it need not be halved first.
            channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
          }
          outputFinished = true;
          relay.outputFinished();
        });
  }

  /** Whether both directions are over with this, so that closing says all there is to say. */
  private boolean closesNow() {
    return !encrypted && inputEnded && peer != null && peer.inputEnded && peer.outputFinished;
  }

  /** Closes as somebody does who breaks off, once all that was written is out. */
  void breakOff(boolean reset) {
    outputEnded = true;
    afterWrites(
        () -> {
          if (reset) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
          }
          OutputClose.cut(channel);
        });
  }

  private void afterWrites(Runnable action) {
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> action.run());
  }

  /** What still comes from this side is of no use to anybody. */
  void ignoreInput() {
    deaf = true;
    drop();
    channel.config().setAutoRead(true); // so that its end is seen
  }

  void drop() {
    deaf = true;
    early.forEach(ByteBuf::release);
    early.clear();
  }

  /** Whether something came that nobody has got yet. */
  boolean holds() {
    return !early.isEmpty();
  }

  boolean broken() {
    return broken;
  }

  boolean encrypted() {
    return encrypted;
  }

  boolean inputEnded() {
    return inputEnded;
  }

  boolean outputFinished() {
    return outputFinished;
  }
}
