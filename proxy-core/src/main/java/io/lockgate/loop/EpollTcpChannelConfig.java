package io.lockgate.loop;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.MessageSizeEstimator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelConfig;
import io.netty.channel.socket.SocketChannelConfig;
import java.io.IOException;
import java.util.Map;

/**
 * Options of an {@link EpollTcpChannel}. Made without a word to the system; an option that is the
 * socket's is asked for, and set, whenever somebody does. Safe to use from any thread.
 */
final class EpollTcpChannelConfig extends EpollChannelConfig implements SocketChannelConfig {
  private volatile boolean allowsHalfClosure;

  EpollTcpChannelConfig(EpollTcpChannel channel) {
    super(channel);
  }

  @Override
  public Map<ChannelOption<?>, Object> getOptions() {
    return getOptions(
        super.getOptions(),
        ChannelOption.ALLOW_HALF_CLOSURE,
        ChannelOption.IP_TOS,
        ChannelOption.SO_KEEPALIVE,
        ChannelOption.SO_LINGER,
        ChannelOption.SO_RCVBUF,
        ChannelOption.SO_REUSEADDR,
        ChannelOption.SO_SNDBUF,
        ChannelOption.TCP_NODELAY);
  }

  @Override
  @SuppressWarnings("unchecked") // an option's type is that of its value
  public <T> T getOption(ChannelOption<T> option) {
    Object value = ofSocket(option);
    return value == null ? super.getOption(option) : (T) value;
  }

  /** Null where it is none of the socket's, as for the class above. */
  private Object ofSocket(ChannelOption<?> option) {
    if (ChannelOption.SO_LINGER.equals(option)) {
      return getSoLinger();
    }
    if (ChannelOption.SO_SNDBUF.equals(option)) {
      return getSendBufferSize();
    }
    if (ChannelOption.SO_RCVBUF.equals(option)) {
      return getReceiveBufferSize();
    }
    if (ChannelOption.IP_TOS.equals(option)) {
      return getTrafficClass();
    }
    if (ChannelOption.SO_KEEPALIVE.equals(option)) {
      return isKeepAlive();
    }
    if (ChannelOption.SO_REUSEADDR.equals(option)) {
      return isReuseAddress();
    }
    if (ChannelOption.TCP_NODELAY.equals(option)) {
      return isTcpNoDelay();
    }
    return ChannelOption.ALLOW_HALF_CLOSURE.equals(option) ? allowsHalfClosure : null;
  }

  @Override
  public <T> boolean setOption(ChannelOption<T> option, T value) {
    validate(option, value);
    if (ChannelOption.SO_LINGER.equals(option)) {
      setSoLinger((Integer) value);
    } else if (ChannelOption.SO_SNDBUF.equals(option)) {
      setSendBufferSize((Integer) value);
    } else if (ChannelOption.SO_RCVBUF.equals(option)) {
      setReceiveBufferSize((Integer) value);
    } else if (ChannelOption.IP_TOS.equals(option)) {
      setTrafficClass((Integer) value);
    } else if (ChannelOption.SO_KEEPALIVE.equals(option)) {
      setKeepAlive((Boolean) value);
    } else if (ChannelOption.SO_REUSEADDR.equals(option)) {
      setReuseAddress((Boolean) value);
    } else if (ChannelOption.TCP_NODELAY.equals(option)) {
      setTcpNoDelay((Boolean) value);
    } else if (ChannelOption.ALLOW_HALF_CLOSURE.equals(option)) {
      setAllowHalfClosure((Boolean) value);
    } else {
      return super.setOption(option, value);
    }
    return true;
  }

  @Override
  public boolean isAllowHalfClosure() {
    return allowsHalfClosure;
  }

  @Override
  public EpollTcpChannelConfig setAllowHalfClosure(boolean allows) {
    allowsHalfClosure = allows;
    return this;
  }

  @Override
  public int getSoLinger() {
    try {
      return socket().getSoLinger();
    } catch (IOException e) {
      throw new ChannelException(e);
    }
  }

  @Override
  public EpollTcpChannelConfig setSoLinger(int value) {
    try {
      socket().setSoLinger(value);
      return this;
    } catch (IOException e) {
      throw new ChannelException(e);
    }
  }

  @Override
  public int getSendBufferSize() {
    try {
      return socket().getSendBufferSize();
    } catch (IOException e) {
      throw new ChannelException(e);
    }
  }

  @Override
  public EpollTcpChannelConfig setSendBufferSize(int value) {
    try {
      socket().setSendBufferSize(value);
      return this;
    } catch (IOException e) {
      throw new ChannelException(e);
    }
  }

  @Override
  public int getReceiveBufferSize() {
    try {
      return socket().getReceiveBufferSize();
    } catch (IOException e) {
      throw new ChannelException(e);
    }
  }

  @Override
  public EpollTcpChannelConfig setReceiveBufferSize(int value) {
    try {
      socket().setReceiveBufferSize(value);
      return this;
    } catch (IOException e) {
      throw new ChannelException(e);
    }
  }

  @Override
  public int getTrafficClass() {
    try {
      return socket().getTrafficClass();
    } catch (IOException e) {
      throw new ChannelException(e);
    }
  }

  @Override
  public EpollTcpChannelConfig setTrafficClass(int value) {
    try {
      socket().setTrafficClass(value);
      return this;
    } catch (IOException e) {
      throw new ChannelException(e);
    }
  }

  @Override
  public boolean isKeepAlive() {
    try {
      return socket().isKeepAlive();
    } catch (IOException e) {
      throw new ChannelException(e);
    }
  }

  @Override
  public EpollTcpChannelConfig setKeepAlive(boolean value) {
    try {
      socket().setKeepAlive(value);
      return this;
    } catch (IOException e) {
      throw new ChannelException(e);
    }
  }

  @Override
  public boolean isReuseAddress() {
    try {
      return socket().isReuseAddress();
    } catch (IOException e) {
      throw new ChannelException(e);
    }
  }

  @Override
  public EpollTcpChannelConfig setReuseAddress(boolean value) {
    try {
      socket().setReuseAddress(value);
      return this;
    } catch (IOException e) {
      throw new ChannelException(e);
    }
  }

  @Override
  public boolean isTcpNoDelay() {
    try {
      return socket().isTcpNoDelay();
    } catch (IOException e) {
      throw new ChannelException(e);
    }
  }

  @Override
  public EpollTcpChannelConfig setTcpNoDelay(boolean value) {
    try {
      socket().setTcpNoDelay(value);
      return this;
    } catch (IOException e) {
      throw new ChannelException(e);
    }
  }

  @Override
  public EpollTcpChannelConfig setPerformancePreferences(int time, int latency, int bandwidth) {
    return this;
  }

  @Override
  public EpollTcpChannelConfig setConnectTimeoutMillis(int millis) {
    super.setConnectTimeoutMillis(millis);
    return this;
  }

  @Override
  @Deprecated
  public EpollTcpChannelConfig setMaxMessagesPerRead(int most) {
    super.setMaxMessagesPerRead(most);
    return this;
  }

  @Override
  public EpollTcpChannelConfig setWriteSpinCount(int count) {
    super.setWriteSpinCount(count);
    return this;
  }

  @Override
  public EpollTcpChannelConfig setAllocator(ByteBufAllocator allocator) {
    super.setAllocator(allocator);
    return this;
  }

  @Override
  public EpollTcpChannelConfig setRecvByteBufAllocator(RecvByteBufAllocator allocator) {
    super.setRecvByteBufAllocator(allocator);
    return this;
  }

  @Override
  public EpollTcpChannelConfig setAutoRead(boolean on) {
    super.setAutoRead(on);
    return this;
  }

  @Override
  public EpollTcpChannelConfig setAutoClose(boolean on) {
    super.setAutoClose(on);
    return this;
  }

  @Override
  public EpollTcpChannelConfig setMessageSizeEstimator(MessageSizeEstimator estimator) {
    super.setMessageSizeEstimator(estimator);
    return this;
  }

  @Override
  public EpollTcpChannelConfig setWriteBufferWaterMark(WriteBufferWaterMark marks) {
    super.setWriteBufferWaterMark(marks);
    return this;
  }
}
