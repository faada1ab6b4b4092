package io.lockgate.loop;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Netty's epoll, which is told what sockets wait for once a turn, and never that they wait for
 * nothing. On the loop of the channels.
 *
 * <p><b>Once a turn.</b> What a channel waits for changes several times in a turn, mostly to and
 * fro: reading is stopped and started again, or something waits for the socket and is out a moment
 * later. Each change would be a system call; what counts is only what stands when the loop waits
 * again. A connection that is closed needs no word at all, since the system forgets its socket with
 * its last descriptor. A listening socket may have others, in the process that follows or in the
 * service manager's, so it is taken out before it is closed.
 *
 * <p><b>Never for nothing.</b> Netty 4.2.18 takes a socket that waits for nothing out, believes it
 * to be still there, and fails to change it when it is to wait again: the channel is closed, and
 * what was to be sent is lost. That meets connections whose other side has ended its half: there is
 * nothing more to be read, and then the socket takes no more for a while. A socket is kept by
 * asking for edges only: then of an error or a hang-up, which cannot be left out, one is told once
 * and does not keep the loop busy.
 */
final class LastingEpoll implements IoHandler {
  private static final Logger LOG = LoggerFactory.getLogger(LastingEpoll.class);

  private final IoHandler epoll;
  private final ThreadAwareExecutor executor;

  /** Those that wait, or may wait, for something else than the kernel knows. */
  private final List<Registration> changed = new ArrayList<>();

  /** Those that are cancelled, while Netty does not know yet. */
  private final List<Registration> cancelled = new ArrayList<>();

  private LastingEpoll(IoHandler epoll, ThreadAwareExecutor executor) {
    this.epoll = epoll;
    this.executor = executor;
  }

  static IoHandlerFactory newFactory() {
    IoHandlerFactory epoll = EpollIoHandler.newFactory();
    return new IoHandlerFactory() {
      @Override
      public IoHandler newHandler(ThreadAwareExecutor executor) {
        return new LastingEpoll(epoll.newHandler(executor), executor);
      }

      @Override
      public boolean isChangingThreadSupported() {
        return epoll.isChangingThreadSupported();
      }
    };
  }

  @Override
  public IoRegistration register(IoHandle handle) throws Exception {
    forget(); // The system may have given the new socket the number of one that is closed.
    return new Registration(handle, epoll.register(handle));
  }

  @Override
  public void initialize() {
    epoll.initialize();
  }

  @Override
  public int run(IoHandlerContext context) {
    forget();
    tell();
    return epoll.run(context);
  }

  private void forget() {
    for (int i = 0; i < cancelled.size(); i++) {
      cancelled.get(i).registration.cancel();
    }
    cancelled.clear();
  }

  private void tell() {
    // It grows where a channel is closed because its socket cannot be changed.
    for (int i = 0; i < changed.size(); i++) {
      changed.get(i).tell();
    }
    changed.clear();
  }

  @Override
  public void prepareToDestroy() {
    forget();
    epoll.prepareToDestroy();
  }

  @Override
  public void destroy() {
    epoll.destroy();
  }

  @Override
  public void wakeup() {
    epoll.wakeup();
  }

  @Override
  public boolean isCompatible(Class<? extends IoHandle> handle) {
    return epoll.isCompatible(handle);
  }

  private final class Registration implements IoRegistration {
    private final IoHandle handle;
    private final IoRegistration registration;
    private EpollIoOps wanted = EpollIoOps.NONE;

    /** What the kernel knows; nothing before the socket is added. */
    private EpollIoOps told = EpollIoOps.NONE;

    private boolean isChanged;
    private volatile boolean isCancelled;

    Registration(IoHandle handle, IoRegistration registration) {
      this.handle = handle;
      this.registration = registration;
    }

    @Override
    public long submit(IoOps ops) {
      if (isCancelled) {
        return -1;
      }
      if (!executor.isExecutorThread(Thread.currentThread())) {
        throw new IllegalStateException("not on the event loop of the socket");
      }
      wanted = (EpollIoOps) ops;
      if (!isChanged) {
        isChanged = true;
        changed.add(this);
      }
      return wanted.value();
    }

    private void tell() {
      isChanged = false;
      boolean added = !EpollIoOps.NONE.equals(told);
      EpollIoOps next = added && EpollIoOps.NONE.equals(wanted) ? EpollIoOps.EPOLLET : wanted;
      if (isCancelled || next.equals(told)) {
        return;
      }
      try {
        registration.submit(next);
        told = next;
      } catch (RuntimeException e) { // of one socket; thrown further it would end the loop
        LOG.warn("a socket is closed, since the system does not watch it: {}", e.toString());
        close();
      }
    }

    private void close() {
      try {
        handle.close();
      } catch (Exception e) {
        LOG.warn("a socket that the system does not watch cannot be closed either", e);
      }
    }

    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals") // as the interface has it
    public <T> T attachment() {
      return registration.attachment();
    }

    @Override
    public boolean isValid() {
      return !isCancelled && registration.isValid();
    }

    @Override
    public boolean cancel() {
      if (!executor.isExecutorThread(Thread.currentThread())) {
        isCancelled = true;
        return registration.cancel();
      }
      if (!isValid()) {
        return false;
      }
      isCancelled = true;
      if (wanted.contains(EpollIoOps.EPOLLERR)) { // of all but connections
        return registration.cancel();
      }
      cancelled.add(this);
      return true;
    }
  }
}
