package io.lockgate.listen;

import io.lockgate.loop.Deadline;
import io.lockgate.loop.Deadlines;
import io.lockgate.proxyprotocol.HeaderReader;
import io.lockgate.proxyprotocol.HeaderReading;
import io.lockgate.proxyprotocol.ProxyHeader;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first handler of a connection that a load balancer opened: waits for the whole PROXY header
 * and makes way for what the client sends after it, which it never looks at. Never answers, never
 * holds more than a header and one read, never longer than the deadline. On the event loop.
 */
final class ProxyProtocolHandler extends ChannelInboundHandlerAdapter {
  static final String TIMEOUT = "proxy_protocol_timeout";

  private static final Logger log = LoggerFactory.getLogger(ProxyProtocolHandler.class);

  private final Deadlines deadlines;
  private final Duration patience;
  private final Outcome outcome;
  private Deadline deadline;

  /** Owned here; null before the first byte and after the header. */
  private ByteBuf received;

  private boolean over;

  ProxyProtocolHandler(Deadlines deadlines, Duration patience, Outcome outcome) {
    this.deadlines = deadlines;
    this.patience = patience;
    this.outcome = outcome;
  }

  /** What becomes of the connection. One of the two is called, at most once. */
  interface Outcome {
    /** Adds the handlers of the client's bytes, or closes the channel. */
    void announced(ProxyHeader header);

    /**
     * Closes the channel.
     *
     * @param reason metric label
     */
    void refused(String reason, String detail);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    deadline =
        new Deadline() {
          @Override
          protected void expired() {
            refuse(TIMEOUT, "No whole PROXY header came in time.");
          }
        };
    deadlines.arm(deadline, patience);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    if (over) {
      bytes.release();
      return;
    }
    received =
        received == null
            ? bytes
            : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(context.alloc(), received, bytes);
    HeaderReading reading = HeaderReader.read(received);
    if (reading instanceof HeaderReading.Complete complete) {
      makeWay(context, complete);
    } else if (reading instanceof HeaderReading.Failed failed) {
      refuse(failed.fault().label(), failed.detail());
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (!over && !context.channel().config().isAutoRead()) {
      context.read();
    }
    context.fireChannelReadComplete();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      context.close(); // a probe of the port; nobody waits for an answer
    }
    context.fireUserEventTriggered(event);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    log.debug("exception before the PROXY header", cause);
    context.close();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    over = true;
    deadlines.disarm(deadline);
    dropReceived();
  }

  private void makeWay(ChannelHandlerContext context, HeaderReading.Complete complete) {
    over = true;
    ByteBuf rest = received.skipBytes(complete.length());
    received = null;
    outcome.announced(complete.header());
    context.pipeline().remove(this);
    if (rest.isReadable() && context.channel().isActive()) {
      // This context is out of the pipeline; what it fires goes to the handler behind it.
      context.fireChannelRead(rest);
    } else {
      rest.release();
    }
  }

  private void refuse(String reason, String detail) {
    over = true;
    deadlines.disarm(deadline);
    dropReceived();
    outcome.refused(reason, detail);
  }

  private void dropReceived() {
    if (received != null) {
      received.release();
      received = null;
    }
  }
}
