package io.lockgate.listen;

import io.lockgate.loop.Deadline;
import io.lockgate.tls.ClientHello;
import io.lockgate.tls.ClientHelloReader;
import io.lockgate.tls.HandshakeFailure;
import io.lockgate.tls.HelloReading;
import io.lockgate.tls.ServerTlsHandler;
import io.lockgate.tls.SniDecider;
import io.lockgate.tls.TlsDecision;
import io.lockgate.tls.TlsEntrance;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first handler of a TLS connection: waits for the whole ClientHello, has it decided how the
 * connection is served, and makes way for the engine in the same turn of the event loop. Never
 * holds more than the bounds of {@link ClientHelloReader} and one read; never answers a client that
 * sent nothing.
 *
 * <p>Every connection that sent a byte, or that sat silent until its deadline, is told to the
 * listener once, here or by {@link ServerTlsHandler}.
 */
public final class HelloHandler extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(HelloHandler.class);

  private final TlsEntrance entrance;
  private final ClientHelloReader reader = new ClientHelloReader();

  private State state = State.AWAITED;

  /** What was received so far, owned here; null before the first byte and after the last. */
  private ByteBuf received;

  private long startedNanos;
  private Deadline deadline;
  private Optional<ServerTlsHandler> successor = Optional.empty();

  /** Until it is known how, or whether, the client is served. */
  private Optional<ClientHello> hello = Optional.empty();

  public HelloHandler(TlsEntrance entrance) {
    this.entrance = entrance;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    deadline = new HandshakeDeadline(context);
    entrance.deadlines().arm(deadline, entrance.handshakeTimeout());
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    if (state != State.AWAITED) {
      bytes.release();
      return;
    }
    if (received == null) {
      startedNanos = entrance.deadlines().nanoTime();
      received = bytes;
    } else {
      received = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(context.alloc(), received, bytes);
    }
    HelloReading reading = reader.read(received);
    if (reading instanceof HelloReading.Complete complete) {
      admit(context, complete.hello());
    } else if (reading instanceof HelloReading.Failed failed) {
      refuse(context, SniDecider.OTHER, failed.failure(), failed.detail());
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (state == State.AWAITED && !context.channel().config().isAutoRead()) {
      context.read();
    }
    context.fireChannelReadComplete();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      context.close(); // a client that ends its half so early waits for nothing
    }
    context.fireUserEventTriggered(event);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    log.debug("exception before the ClientHello", cause);
    context.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (state == State.AWAITED && received != null) {
      tell(
          context,
          SniDecider.OTHER,
          HandshakeFailure.CLIENT_CLOSED,
          "The client left before its ClientHello was whole.");
    }
    state = State.DECIDED;
    entrance.deadlines().disarm(deadline);
    context.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    if (state == State.AWAITED) {
      entrance.deadlines().disarm(deadline); // otherwise done, or the successor's to do
    }
    dropReceived();
  }

  private void admit(ChannelHandlerContext context, ClientHello hello) {
    this.hello = Optional.of(hello);
    Optional<String> refusal = entrance.gate().refusal(hello);
    if (refusal.isPresent()) {
      tell(context, SniDecider.OTHER, HandshakeFailure.RATE_LIMITED, refusal.get());
      // A reset leaves nothing behind, where an orderly close would leave a TIME_WAIT for each.
      context.channel().config().setOption(ChannelOption.SO_LINGER, 0);
      context.close();
      return;
    }
    boolean begun = false;
    try {
      begun = decide(context, hello);
    } finally {
      if (!begun) {
        entrance.gate().ended(hello, false);
      }
    }
  }

  /** Whether a handshake has begun, so that its end will be told. */
  private boolean decide(ChannelHandlerContext context, ClientHello hello) {
    TlsDecision decision;
    try {
      decision = entrance.decider().decide(hello);
    } catch (RuntimeException e) {
      log.error("{}: no decision about a ClientHello", entrance.listener(), e);
      refuse(context, SniDecider.OTHER, HandshakeFailure.INTERNAL, "The proxy failed.");
      return false;
    }
    if (decision instanceof TlsDecision.Refuse refusal) {
      refuse(context, refusal.host(), refusal.failure(), refusal.detail());
      return false;
    }
    if (decision instanceof TlsDecision.Serve serve) {
      begin(context, hello, serve);
      return true;
    }
    if (decision instanceof TlsDecision.PassThrough passing) {
      passThrough(context, hello, passing);
      return false;
    }
    throw new AssertionError(decision);
  }

  private void passThrough(
      ChannelHandlerContext context, ClientHello hello, TlsDecision.PassThrough decision) {
    state = State.DECIDED;
    entrance.deadlines().disarm(deadline);
    ByteBuf bytes = received;
    received = null;
    context.pipeline().remove(this);
    entrance.secured().passedThrough(context.channel(), hello, decision, bytes);
  }

  private void begin(ChannelHandlerContext context, ClientHello hello, TlsDecision.Serve serve) {
    state = State.DECIDED;
    ByteBuf bytes = received;
    received = null;
    this.hello = Optional.empty();
    successor =
        Optional.of(
            ServerTlsHandler.replace(context, entrance, hello, serve, deadline, startedNanos));
    // This context is out of the pipeline; what it fires goes to the engine that replaced it.
    context.fireChannelRead(bytes);
  }

  private void refuse(
      ChannelHandlerContext context, String host, HandshakeFailure failure, String detail) {
    tell(context, host, failure, detail);
    boolean http = failure == HandshakeFailure.NOT_TLS && PlaintextAnswer.speaksHttp(received);
    ByteBuf answer = http ? PlaintextAnswer.badRequest() : PlaintextAnswer.alert(failure);
    dropReceived();
    PlaintextAnswer.writeAndClose(context, answer);
  }

  private void timedOut(ChannelHandlerContext context) {
    if (successor.isPresent()) {
      successor.get().timedOut(context.channel());
    } else if (state == State.AWAITED) {
      tell(
          context,
          SniDecider.OTHER,
          HandshakeFailure.TIMEOUT,
          received == null
              ? "The client sent nothing in time."
              : "The client did not finish its ClientHello in time.");
      context.close();
    }
  }

  private void tell(
      ChannelHandlerContext context, String host, HandshakeFailure failure, String detail) {
    state = State.DECIDED;
    entrance.deadlines().disarm(deadline);
    entrance.failed(context.channel(), host, failure, detail, hello);
  }

  private void dropReceived() {
    if (received != null) {
      received.release();
      received = null;
    }
  }

  private final class HandshakeDeadline extends Deadline {
    private final ChannelHandlerContext context;

    HandshakeDeadline(ChannelHandlerContext context) {
      this.context = context;
    }

    @Override
    protected void expired() {
      timedOut(context);
    }
  }

  private enum State {
    AWAITED,
    DECIDED
  }
}
