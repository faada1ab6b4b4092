package io.lockgate.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A listening socket that another process holds too, such as the one that follows. */
class SharedListenerTest {
  private final AtomicInteger turns = new AtomicInteger();
  private final ListeningChannel listening =
      ListeningChannel.of(
          Transport.EPOLL,
          counting(Transport.EPOLL.newIoHandlers()),
          new ServerBootstrap().childHandler(new ChannelInboundHandlerAdapter()));

  @TempDir private Path directory;

  @AfterEach
  void end() {
    listening.close();
  }

  @Test
  void doesNotKeepTheLoopAwakeOnceItIsClosedHere() throws IOException {
    SocketAddress address = listening.address();
    FileDescriptor elsewhere = another(((UnixChannel) listening.channel()).fd());
    try (Socket client = new Socket()) {
      listening.channel().close().syncUninterruptibly();
      client.connect(address); // It waits there for whoever else accepts.
      int before = turns.get();
      listening.group().schedule(() -> {}, 200, TimeUnit.MILLISECONDS).syncUninterruptibly();
      assertThat(turns.get() - before).isLessThan(20);
    } finally {
      elsewhere.close();
    }
  }

  /** Another descriptor of the same socket, got as a process gets it. */
  private FileDescriptor another(FileDescriptor socket) throws IOException {
    var path = new DomainSocketAddress(directory.resolve("s").toFile());
    var door = io.netty.channel.unix.Socket.newSocketDomain();
    var sender = io.netty.channel.unix.Socket.newSocketDomain();
    door.bind(path);
    door.listen(1);
    sender.connect(path);
    var receiver = new io.netty.channel.unix.Socket(door.accept(new byte[128]));
    try {
      sender.sendFd(socket.intValue());
      return new FileDescriptor(receiver.recvFd());
    } finally {
      door.close();
      sender.close();
      receiver.close();
    }
  }

  private IoHandlerFactory counting(IoHandlerFactory factory) {
    return executor -> {
      IoHandler handler = factory.newHandler(executor);
      return new IoHandler() {
        @Override
        public int run(IoHandlerContext context) {
          turns.incrementAndGet();
          return handler.run(context);
        }

        @Override
        public IoRegistration register(IoHandle handle) throws Exception {
          return handler.register(handle);
        }

        @Override
        public boolean isCompatible(Class<? extends IoHandle> handle) {
          return handler.isCompatible(handle);
        }

        @Override
        public void wakeup() {
          handler.wakeup();
        }

        @Override
        public void prepareToDestroy() {
          handler.prepareToDestroy();
        }

        @Override
        public void destroy() {
          handler.destroy();
        }
      };
    };
  }
}
