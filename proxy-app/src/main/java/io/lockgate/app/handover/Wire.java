package io.lockgate.app.handover;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.FileDescriptor;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One connection of a hand-over, for a thread that may wait. Its event loop is its own and ends
 * with it.
 */
final class Wire implements AutoCloseable {
  /** OCSP responses of very many certificates. */
  private static final int MOST_BYTES = 256 << 20;

  private static final Object END = new Object();

  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("lockgate-handover", true), EpollIoHandler.newFactory());
  private final BlockingQueue<Object> arrived = new LinkedBlockingQueue<>();
  private final BlockingQueue<EpollDomainSocketChannel> accepted = new LinkedBlockingQueue<>();
  private volatile EpollDomainSocketChannel channel;

  private Wire() {}

  /** Waits at a path for the other side. */
  static Wire listening(Path path) throws HandOverException {
    Wire wire = open();
    ChannelFuture bound =
        new ServerBootstrap()
            .group(wire.group)
            .channel(EpollServerDomainSocketChannel.class)
            .childHandler(
                new ChannelInitializer<EpollDomainSocketChannel>() {
                  @Override
                  protected void initChannel(EpollDomainSocketChannel fresh) {
                    wire.equip(fresh);
                    wire.accepted.add(fresh);
                  }
                })
            .bind(new DomainSocketAddress(path.toString()))
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      wire.close();
      throw new HandOverException("cannot listen at " + path, bound.cause());
    }
    return wire;
  }

  static Wire connect(Path path) throws HandOverException {
    Wire wire = open();
    ChannelFuture connected =
        new Bootstrap()
            .group(wire.group)
            .channel(EpollDomainSocketChannel.class)
            .handler(
                new ChannelInitializer<EpollDomainSocketChannel>() {
                  @Override
                  protected void initChannel(EpollDomainSocketChannel fresh) {
                    wire.equip(fresh);
                  }
                })
            .connect(new DomainSocketAddress(path.toString()))
            .awaitUninterruptibly();
    if (!connected.isSuccess()) {
      wire.close();
      throw new HandOverException("nobody hands over at " + path, connected.cause());
    }
    wire.channel = (EpollDomainSocketChannel) connected.channel();
    return wire;
  }

  private static Wire open() throws HandOverException {
    if (!Epoll.isAvailable()) {
      throw new HandOverException("sockets can be handed over with epoll only, and there is none");
    }
    return new Wire();
  }

  private void equip(Channel fresh) {
    fresh
        .pipeline()
        .addLast(new LengthFieldBasedFrameDecoder(MOST_BYTES, 0, 4, 0, 4))
        .addLast(new Arrivals());
  }

  /** The next connection, once there is one; it takes the place of an earlier one. */
  boolean accept(Duration atMost) throws InterruptedException {
    EpollDomainSocketChannel next = accepted.poll(atMost.toMillis(), TimeUnit.MILLISECONDS);
    if (next != null) {
      channel = next;
    }
    return next != null;
  }

  /** The connection itself, for a look at who is on the other side. */
  EpollDomainSocketChannel channel() {
    return channel;
  }

  void send(Frame frame) throws HandOverException {
    ByteBuf out = channel.alloc().buffer(5 + frame.content().length);
    out.writeInt(1 + frame.content().length);
    out.writeByte(frame.kind().ordinal());
    out.writeBytes(frame.content());
    await(channel.writeAndFlush(out));
  }

  void sendDescriptors(List<Integer> descriptors) throws HandOverException {
    for (int descriptor : descriptors) {
      await(channel.writeAndFlush(new FileDescriptor(descriptor)));
    }
  }

  private static void await(ChannelFuture sent) throws HandOverException {
    if (!sent.awaitUninterruptibly().isSuccess()) {
      throw new HandOverException("the other process has gone", sent.cause());
    }
  }

  /** The next message, whatever it is; empty when the time is over. */
  Optional<Frame> poll(Duration atMost) throws HandOverException, InterruptedException {
    Object next = arrived.poll(atMost.toMillis(), TimeUnit.MILLISECONDS);
    if (next == END) {
      arrived.add(END);
      throw new HandOverException("the other process has gone");
    }
    return Optional.ofNullable((Frame) next);
  }

  /** From here on descriptors arrive, until {@link #receiveDescriptors} has got them. */
  void expectDescriptors() {
    channel.config().setReadMode(DomainSocketReadMode.FILE_DESCRIPTORS);
  }

  List<Integer> receiveDescriptors(int count, Duration atMost)
      throws HandOverException, InterruptedException {
    List<Integer> descriptors = new ArrayList<>();
    while (descriptors.size() < count) {
      Object next = arrived.poll(atMost.toMillis(), TimeUnit.MILLISECONDS);
      if (!(next instanceof FileDescriptor descriptor)) {
        throw new HandOverException("the other process has not sent its sockets");
      }
      descriptors.add(descriptor.intValue());
    }
    channel.config().setReadMode(DomainSocketReadMode.BYTES);
    return descriptors;
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private final class Arrivals extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof ByteBuf in) {
        try {
          int kind = in.readUnsignedByte();
          if (kind >= Frame.Kind.values().length) {
            context.close();
            return;
          }
          arrived.add(new Frame(Frame.Kind.values()[kind], ByteBufUtil.getBytes(in)));
        } finally {
          in.release();
        }
      } else {
        arrived.add(message);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      arrived.add(END);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
