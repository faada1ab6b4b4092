package io.lockgate.tls;

import io.lockgate.loop.Deadline;
import io.lockgate.tls.FailureClassifier.Verdict;
import io.lockgate.tls.TlsFacts.Resumption;
import io.lockgate.tls.TlsListener.How;
import io.lockgate.tls.TlsListener.Side;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.OpenSslSession;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.internal.tcnative.SSL;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands behind the engine of one connection: tells how the handshake and, much later, the
 * connection ended, each exactly once. Takes no part in the passing of data. Runs on the
 * connection's event loop.
 */
public final class ServerTlsHandler extends ChannelDuplexHandler {
  private static final Logger log = LoggerFactory.getLogger(ServerTlsHandler.class);

  private static final String ENGINE = "tls";
  private static final String WATCH = "tls-watch";

  private final TlsEntrance entrance;
  private final TlsDecision.Serve decision;
  private final SslHandler engineHandler;

  private State state = State.HANDSHAKING;

  /** Dropped at the end of the handshake: an idle connection needs no memory for it. */
  private Optional<Handshake> handshake;

  private Optional<How> ending = Optional.empty();

  private ServerTlsHandler(
      TlsEntrance entrance,
      TlsDecision.Serve decision,
      Handshake handshake,
      SslHandler engineHandler) {
    this.entrance = entrance;
    this.decision = decision;
    this.handshake = Optional.of(handshake);
    this.engineHandler = engineHandler;
  }

  /**
   * Puts an engine in the place of the handler that read the hello. The bytes of the hello are to
   * be fired from that handler's context next, in the same turn of the loop as the decision.
   *
   * @param deadline disarmed once the handshake has ended
   * @param startedNanos when the first byte came, by the clock of the deadlines
   */
  public static ServerTlsHandler replace(
      ChannelHandlerContext predecessor,
      TlsEntrance entrance,
      ClientHello hello,
      TlsDecision.Serve decision,
      Deadline deadline,
      long startedNanos) {
    SslHandler engine = decision.tls().newHandler(predecessor.alloc());
    engine.setHandshakeTimeoutMillis(0); // the deadline runs since accept
    ServerTlsHandler watch =
        new ServerTlsHandler(
            entrance, decision, new Handshake(hello, deadline, startedNanos), engine);
    predecessor.pipeline().addAfter(predecessor.name(), WATCH, watch);
    predecessor.pipeline().addAfter(predecessor.name(), ENGINE, engine);
    predecessor.pipeline().replace(predecessor.handler(), TlsInput.NAME, new TlsInput());
    return watch;
  }

  /** The deadline has passed; without effect once the handshake has ended. */
  public void timedOut(Channel channel) {
    if (state == State.HANDSHAKING) {
      failed(channel, new Verdict(HandshakeFailure.TIMEOUT, "The handshake took too long."));
      // From the engine on towards the socket: there is nobody to say good-bye to.
      channel.pipeline().context(engineHandler).close();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent completion) {
      if (state == State.HANDSHAKING) {
        if (completion.isSuccess()) {
          succeeded(context);
        } else {
          failed(
              context.channel(),
              FailureClassifier.classify(completion.cause(), hello(), decision.terms()));
        }
      }
      return;
    }
    if (event instanceof SslCloseCompletionEvent close) {
      ended(close.isSuccess() ? How.CLOSE_NOTIFY : ending.orElse(How.TRUNCATED));
      context.fireUserEventTriggered(event);
      context.close(); // the engine sends nothing more, whoever ended first
      return;
    }
    if (event instanceof ChannelInputShutdownEvent && state != State.CLOSED) {
      ending(How.TRUNCATED); // a close_notify before it would have been seen by now
      context.close();
    }
    context.fireUserEventTriggered(event);
  }

  @Override
  public void close(ChannelHandlerContext context, ChannelPromise promise) {
    ending(How.CLOSE_NOTIFY); // the engine sends it before it closes
    context.close(promise);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (state == State.HANDSHAKING && cause instanceof RejectedExecutionException) {
      // A later task of the handshake was refused, which Netty tells in no other way.
      failed(context.channel(), FailureClassifier.classify(cause, hello(), decision.terms()));
      context.close();
      return;
    }
    if (state == State.HANDSHAKING || state == State.FAILED) {
      // Told by the event of the handshake's end, which always comes; nobody is behind us yet.
      log.debug("exception in a handshake", cause);
      context.close();
      return;
    }
    if (cause instanceof DecoderException && cause.getCause() instanceof SSLException) {
      ending(How.ERROR);
    } else if (cause instanceof IOException) {
      ending(How.RESET);
    }
    context.fireExceptionCaught(cause);
  }

  private void succeeded(ChannelHandlerContext context) {
    Handshake ended = handshake.orElseThrow();
    ReferenceCountedOpenSslEngine engine = (ReferenceCountedOpenSslEngine) engineHandler.engine();
    long ssl = engine.sslPointer();
    if (!ended.names(SSL.getSniHostname(ssl))) {
      failed(
          context.channel(),
          new Verdict(HandshakeFailure.MALFORMED, "The server name changed within the handshake."));
      context.close();
      return;
    }
    state = State.SECURED;
    TlsFacts facts = facts(ended.hello, engine.getSession(), SSL.isSessionReused(ssl));
    long nanos = entrance.deadlines().nanoTime() - ended.startedNanos;
    dropHandshake();
    entrance.events().handshakeSucceeded(entrance.listener(), facts, nanos);
    try {
      entrance.secured().secured(context.channel(), facts, decision);
    } catch (RuntimeException e) {
      // Nobody would ever answer this client, nor end its connection.
      log.error("{}: a connection could not be taken over", entrance.listener(), e);
      context.close();
    }
  }

  private TlsFacts facts(ClientHello hello, SSLSession session, boolean resumed) {
    String group = ((OpenSslSession) session).getNamedGroup();
    String alpn = engineHandler.applicationProtocol();
    String version = session.getProtocol();
    return new TlsFacts(
        decision.host(),
        version,
        session.getCipherSuite(),
        group == null ? "" : group,
        alpn == null ? "" : alpn,
        hello.serverName(),
        resumed ? resumption(hello, version) : Resumption.FULL,
        "");
  }

  private static Resumption resumption(ClientHello hello, String version) {
    return "TLSv1.3".equals(version) || hello.resumption() == ClientHello.ResumptionOffer.TICKET
        ? Resumption.TICKET
        : Resumption.CACHE;
  }

  private void failed(Channel channel, Verdict verdict) {
    state = State.FAILED;
    dropHandshake();
    entrance.failed(channel, decision.host(), verdict.failure(), verdict.detail());
  }

  private ClientHello hello() {
    return handshake.orElseThrow().hello;
  }

  private void dropHandshake() {
    entrance.deadlines().disarm(handshake.orElseThrow().deadline);
    handshake = Optional.empty();
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
      entrance.events().closed(Side.CLIENT, how);
    }
  }

  /** What is known of a handshake while it lasts. */
  private record Handshake(ClientHello hello, Deadline deadline, long startedNanos) {

    /**
     * Whether the engine was asked for the same host. A second ClientHello (RFC 8446 section 4.1.2)
     * must not name another than the first, whose terms were chosen.
     */
    boolean names(String engineName) {
      if (hello.serverName().isEmpty() || engineName == null) {
        return hello.serverName().isEmpty() && engineName == null;
      }
      String name = engineName.toLowerCase(Locale.ROOT);
      return name.equals(hello.serverName()) || name.equals(hello.serverName() + ".");
    }
  }

  /** HANDSHAKING -> SECURED -> CLOSED, or HANDSHAKING -> FAILED. */
  private enum State {
    HANDSHAKING,
    SECURED,
    FAILED,
    CLOSED
  }
}
