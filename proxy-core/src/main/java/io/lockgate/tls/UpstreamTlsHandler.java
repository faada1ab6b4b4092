package io.lockgate.tls;

import io.lockgate.tls.TlsFacts.Resumption;
import io.lockgate.tls.TlsListener.How;
import io.lockgate.tls.UpstreamTlsFailure.Kind;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.internal.tcnative.SSL;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/**
 * Stands behind the engine of one connection to a server: tells how the handshake ended, and sees
 * to it that the end of the connection is told as it was. A server that ends its TLS closes the
 * connection; one that only ends its TCP connection has broken off, since anybody on the way could
 * have done that. On the connection's event loop.
 */
public final class UpstreamTlsHandler extends ChannelDuplexHandler implements TlsTimeout.Counting {
  private static final int LONGEST_SENTENCE = 200;

  private final SslHandler engineHandler;
  private final Outcome outcome;
  private final UpstreamTlsListener listener;
  private State state = State.CONNECTING;
  private Optional<How> ending = Optional.empty();

  UpstreamTlsHandler(SslHandler engineHandler, Outcome outcome, UpstreamTlsListener listener) {
    this.engineHandler = engineHandler;
    this.outcome = outcome;
    this.listener = listener;
  }

  /** Hears once what became of the handshake, unless the connection never came to be. */
  public interface Outcome {
    /** Handlers added to the pipeline now get what the server sends. */
    void secured(Settled settled);

    /** The channel is being closed. */
    void refused(UpstreamTlsFailure failure);
  }

  /**
   * What a handshake settled.
   *
   * @param version {@code TLSv1.2} or {@code TLSv1.3}
   * @param alpn the protocol, or empty where none was negotiated
   */
  public record Settled(String version, String cipher, String alpn, Resumption resumption) {}

  /** {@code CONNECTING -> HANDSHAKING -> SECURED -> CLOSED}; any of the first two may fail. */
  private enum State {
    CONNECTING,
    HANDSHAKING,
    SECURED,
    CLOSED
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    state = State.HANDSHAKING;
    context.fireChannelActive();
  }

  /** Whoever waits has waited too long; closes the channel and tells nobody but the listener. */
  public void timedOut(Channel channel) {
    if (state == State.HANDSHAKING) {
      listener.handshakeEnded("timeout", Resumption.FULL.label());
    }
    state = State.CLOSED;
    channel.close();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent completion) {
      if (state == State.HANDSHAKING) {
        handshakeEnded(context, completion);
      }
    } else if (event instanceof SslCloseCompletionEvent close) {
      peerEnded(context, close.isSuccess());
    } else {
      context.fireUserEventTriggered(event);
    }
  }

  private void handshakeEnded(
      ChannelHandlerContext context, SslHandshakeCompletionEvent completion) {
    if (!completion.isSuccess()) {
      state = State.CLOSED;
      UpstreamTlsFailure failure = failure(completion.cause());
      listener.handshakeEnded(failure.kind().label(), Resumption.FULL.label());
      context.close();
      outcome.refused(failure);
      return;
    }
    state = State.SECURED;
    Settled settled = settled();
    listener.handshakeEnded("ok", settled.resumption().label());
    outcome.secured(settled);
  }

  private Settled settled() {
    ReferenceCountedOpenSslEngine engine = (ReferenceCountedOpenSslEngine) engineHandler.engine();
    SSLSession session = engine.getSession();
    String version = session.getProtocol();
    boolean resumed = SSL.isSessionReused(engine.sslPointer());
    Resumption how = "TLSv1.3".equals(version) ? Resumption.TICKET : Resumption.CACHE;
    String alpn = engineHandler.applicationProtocol();
    return new Settled(
        version,
        session.getCipherSuite(),
        alpn == null ? "" : alpn,
        resumed ? how : Resumption.FULL);
  }

  private void peerEnded(ChannelHandlerContext context, boolean properly) {
    if (state != State.SECURED) {
      return;
    }
    if (properly) {
      // Who was waited for in vain may still say goodbye.
      ended(ending.filter(How.TIMEOUT::equals).orElse(How.CLOSE_NOTIFY));
      context.close();
    } else {
      ended(ending.orElse(How.TRUNCATED));
      // Before the connection is told to be closed: what has no length must not seem complete.
      context.fireExceptionCaught(new IOException("the server ended its connection within TLS"));
    }
  }

  @Override
  public void close(ChannelHandlerContext context, ChannelPromise promise) {
    ending(How.CLOSE_NOTIFY); // the engine sends it before it closes
    context.close(promise);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (state != State.SECURED) {
      return; // told by the event of the handshake's end, which always comes
    }
    if (cause instanceof DecoderException && cause.getCause() instanceof SSLException) {
      // What comes after a broken record is nobody's.
      ending(How.ERROR);
      context.fireExceptionCaught(new IOException("the server broke the rules of TLS", cause));
      context.close();
    } else {
      ending(cause instanceof IOException ? How.RESET : How.ERROR);
      context.fireExceptionCaught(cause);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    ended(ending.orElse(How.TRUNCATED));
    context.fireChannelInactive();
  }

  @Override
  public void timedOut() {
    ending(How.TIMEOUT);
  }

  @Override
  public void cutOff() {
    ending(How.ERROR);
  }

  /** The first cause of the end counts. */
  private void ending(How how) {
    if (ending.isEmpty()) {
      ending = Optional.of(how);
    }
  }

  private void ended(How how) {
    if (state == State.SECURED) {
      state = State.CLOSED;
      listener.closed(how);
    }
  }

  private static UpstreamTlsFailure failure(Throwable failed) {
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      if (cause instanceof ServerCheck.Refused refused) {
        return new UpstreamTlsFailure(Kind.VERIFY_FAILED, refused.getMessage());
      }
      if (cause instanceof NotSslRecordException) {
        return handshakeFailed("the server does not speak TLS");
      }
      if (cause instanceof RejectedExecutionException) {
        return handshakeFailed("too many handshakes wait for a worker thread");
      }
      if (cause instanceof ClosedChannelException) {
        return handshakeFailed("the server closed the connection in the TLS handshake");
      }
    }
    String message = String.valueOf(failed.getMessage()).replaceAll("[^ -~]", "?");
    return handshakeFailed(
        "the TLS handshake failed: "
            + (message.length() > LONGEST_SENTENCE
                ? message.substring(0, LONGEST_SENTENCE)
                : message));
  }

  private static UpstreamTlsFailure handshakeFailed(String sentence) {
    return new UpstreamTlsFailure(Kind.HANDSHAKE_FAILED, sentence);
  }
}
