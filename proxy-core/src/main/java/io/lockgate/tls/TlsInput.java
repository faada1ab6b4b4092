package io.lockgate.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Stands before the engine and can keep received records from it. A client may end its half with
 * close_notify and still await the answer (RFC 8446 section 6.1); the engine, once it has seen that
 * alert, sends nothing more. So whoever is answering a whole request holds the input until the
 * answer is out. Runs on the connection's event loop; owns what it holds.
 *
 * <p>Reading goes on while little is held, so that a client that leaves is noticed; beyond that it
 * is stopped, and for the holder to start again. A client that ends its half of the TCP connection
 * too is gone unless the socket allows that (ALLOW_HALF_CLOSURE).
 */
public final class TlsInput extends ChannelDuplexHandler {
  static final String NAME = "tls-input";

  private static final int HEADER = 5;
  private static final int ALERT = 21;

  /** A close_notify is 19 to 40 bytes long, by cipher suite. */
  private static final int SMALL = 64;

  /** Held octets beyond which no more are read. */
  private static final int MOST_HELD = 64 * 1024;

  private final ArrayDeque<ByteBuf> held = new ArrayDeque<>(2);
  private int heldOctets;
  private ChannelHandlerContext context;
  private boolean holding;
  private Optional<Object> heldEnd = Optional.empty();

  /** What the engine makes is not let out yet. */
  private boolean gathering;

  /** Of the record under way: header bytes seen, the length they told, bytes of it to come. */
  private int headerSeen;

  private int type;

  private int length;
  private int left;

  private final EngineTime time;
  private final Supplier<EngineTime.Phase> phase;

  /**
   * @param time told of what crosses here, on the socket's side of the engine
   * @param phase of this connection
   */
  TlsInput(EngineTime time, Supplier<EngineTime.Phase> phase) {
    this.time = time;
    this.phase = phase;
  }

  /** The input of a connection with TLS. */
  public static Optional<TlsInput> of(Channel channel) {
    return Optional.ofNullable((TlsInput) channel.pipeline().get(NAME));
  }

  /** Whether the last record that has begun says it is an alert. */
  boolean endsWithAlert() {
    return type == ALERT;
  }

  /** Passes no further record on, beginning with those that came with the last one passed. */
  public void hold() {
    holding = true;
  }

  /** Passes on what was held, unless it is held again meanwhile. */
  public void resume() {
    holding = false;
    if (!held.isEmpty()) {
      heldOctets = 0;
      while (!holding && !held.isEmpty()) {
        pass(context, held.poll());
      }
      passed(context);
    }
    if (!holding && heldEnd.isPresent()) {
      Object end = heldEnd.get();
      heldEnd = Optional.empty();
      context.fireUserEventTriggered(end);
    }
  }

  /** What is written meanwhile leaves in one piece, with one system call if the socket takes it. */
  void together(Runnable writes) {
    gathering = true;
    try {
      writes.run();
    } finally {
      gathering = false;
    }
    flush(context);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext current, Object event) {
    if (holding && event instanceof ChannelInputShutdownEvent) {
      heldEnd = Optional.of(event);
    } else {
      current.fireUserEventTriggered(event);
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  @Override
  public void channelRead(ChannelHandlerContext current, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    int boundary = lastSmallRecord(bytes);
    if (holding) {
      held.add(bytes);
      heldOctets += bytes.readableBytes();
      if (heldOctets > MOST_HELD) {
        current.channel().config().setAutoRead(false);
      }
    } else if (boundary <= bytes.readerIndex()) {
      pass(current, bytes);
    } else {
      // What comes before may be the end of a request, upon which the rest is held.
      ByteBuf before = bytes.readRetainedSlice(boundary - bytes.readerIndex());
      held.add(bytes);
      pass(current, before);
      if (!holding && !held.isEmpty()) {
        pass(current, held.poll());
      }
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext current) {
    passed(current);
  }

  /** What the engine has made goes to the socket. */
  @Override
  public void flush(ChannelHandlerContext current) {
    if (gathering) {
      return;
    }
    EngineTime.Phase before = time.leave();
    try {
      current.flush();
    } finally {
      time.back(before);
    }
  }

  private void pass(ChannelHandlerContext current, ByteBuf bytes) {
    EngineTime.Phase before = time.enter(phase.get());
    try {
      current.fireChannelRead(bytes);
    } finally {
      time.back(before);
    }
  }

  private void passed(ChannelHandlerContext current) {
    EngineTime.Phase before = time.enter(phase.get());
    try {
      current.fireChannelReadComplete();
    } finally {
      time.back(before);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext current) {
    resume(); // nobody waits for an answer any more, and the end is to be told as it was
    current.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext removed) {
    held.forEach(ByteBuf::release);
    held.clear();
  }

  /** Where the last record begins if it is whole, small and not the first of these bytes. */
  private int lastSmallRecord(ByteBuf bytes) {
    int end = bytes.writerIndex();
    int start = -1;
    for (int at = bytes.readerIndex(); at < end; ) {
      if (left > 0) {
        int passed = Math.min(left, end - at);
        left -= passed;
        at += passed;
        continue;
      }
      if (headerSeen == 0) {
        start = at;
        type = bytes.getUnsignedByte(at);
      }
      length = (length << 8 | bytes.getUnsignedByte(at)) & 0xffff;
      at++;
      if (++headerSeen == HEADER) {
        headerSeen = 0;
        left = length;
      }
    }
    boolean whole = left == 0 && headerSeen == 0;
    return whole && end - start <= HEADER + SMALL ? start : -1;
  }
}
