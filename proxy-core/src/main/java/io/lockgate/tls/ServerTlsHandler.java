package io.lockgate.tls;

import io.lockgate.loop.Deadline;
import io.lockgate.pki.ClientIdentity;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands behind the engine of one connection: tells how the handshake and, much later, the
 * connection ended, each exactly once. Takes no part in the passing of data. Runs on the
 * connection's event loop.
 */
public final class ServerTlsHandler extends ChannelDuplexHandler implements TlsTimeout.Counting {
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
    StapleResult stapled = decision.staple().attach(engine.engine(), hello);
    ServerTlsHandler watch =
        new ServerTlsHandler(
            entrance, decision, new Handshake(hello, deadline, startedNanos, stapled), engine);
    predecessor.pipeline().addAfter(predecessor.name(), WATCH, watch);
    predecessor.pipeline().addAfter(predecessor.name(), ENGINE, engine);
    predecessor
        .pipeline()
        .replace(
            predecessor.handler(),
            TlsInput.NAME,
            new TlsInput(entrance.engineTime(), watch::phase));
    return watch;
  }

  /** The deadline has passed; without effect once the handshake has ended. */
  public void timedOut(Channel channel) {
    if (state == State.HANDSHAKING) {
      failed(channel, new Verdict(HandshakeFailure.TIMEOUT, "The handshake took too long."));
      cut(channel);
    }
  }

  private EngineTime.Phase phase() {
    return state == State.HANDSHAKING ? EngineTime.Phase.HANDSHAKE : EngineTime.Phase.RECORDS;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    EngineTime.Phase before = entrance.engineTime().leave();
    try {
      context.fireChannelRead(message);
    } finally {
      entrance.engineTime().back(before);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    EngineTime.Phase before = entrance.engineTime().leave();
    try {
      context.fireChannelReadComplete();
    } finally {
      entrance.engineTime().back(before);
    }
  }

  @Override
  public void flush(ChannelHandlerContext context) {
    EngineTime.Phase before = entrance.engineTime().enter(phase());
    try {
      context.flush();
    } finally {
      entrance.engineTime().back(before);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    EngineTime.Phase before = entrance.engineTime().leave();
    try {
      engineTold(context, event);
    } finally {
      entrance.engineTime().back(before);
    }
  }

  private void engineTold(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent completion) {
      if (state == State.HANDSHAKING) {
        if (completion.isSuccess()) {
          succeeded(context);
        } else {
          failed(context.channel(), verdict(context.channel(), completion.cause()));
        }
      }
      return;
    }
    if (event instanceof SslCloseCompletionEvent close) {
      // Who was waited for in vain may still say goodbye.
      Optional<How> timeout = ending.filter(How.TIMEOUT::equals);
      ended(close.isSuccess() ? timeout.orElse(How.CLOSE_NOTIFY) : ending.orElse(How.TRUNCATED));
      context.fireUserEventTriggered(event);
      context.close(); // the engine sends nothing more, whoever ended first
      return;
    }
    if (event instanceof ChannelInputShutdownEvent && state == State.HANDSHAKING) {
      cut(context.channel()); // told when the channel is gone
    } else if (event instanceof ChannelInputShutdownEvent && state != State.CLOSED) {
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
    if (state == State.HANDSHAKING || state == State.FAILED) {
      handshakeThrew(context, cause);
      return;
    }
    if (cause instanceof DecoderException && cause.getCause() instanceof SSLException) {
      ending(How.ERROR);
    } else if (cause instanceof IOException) {
      ending(How.RESET);
    }
    context.fireExceptionCaught(cause);
  }

  /** Told by the event of the handshake's end in all cases but one; nobody is behind us yet. */
  private void handshakeThrew(ChannelHandlerContext context, Throwable cause) {
    log.debug("exception in a handshake", cause);
    Throwable root = cause instanceof DecoderException ? cause.getCause() : cause;
    if (!(root instanceof RejectedExecutionException)) {
      context.close();
      return;
    }
    if (state == State.HANDSHAKING) {
      // Netty tells of a task that was refused only if it was the first of the handshake.
      failed(context.channel(), FailureClassifier.classify(root, hello(), decision.terms()));
    }
    cut(context.channel());
  }

  /**
   * Closes from the engine on towards the socket: within a handshake there is nobody to say
   * good-bye to, and the engine would hold the connection for seconds in trying.
   */
  private void cut(Channel channel) {
    channel.pipeline().context(engineHandler).close();
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
    boolean resumed = SSL.isSessionReused(ssl);
    OpenSslSession session = (OpenSslSession) engine.getSession();
    ClientCheck client = ClientCheck.of(session, decision.terms().clientAuth(), resumed);
    if (client.failure().isPresent()) {
      failed(context.channel(), client.failure().get());
      context.close();
      return;
    }
    state = State.SECURED;
    TlsFacts facts = entrance.facts().of(facts(ended.hello, session, resumed, client.identity()));
    long nanos = entrance.deadlines().nanoTime() - ended.startedNanos;
    if (facts.resumption() == Resumption.FULL) {
      entrance.events().certificateServed(decision.tls().identity());
      new OfferedTerms(ended.hello, decision.terms().policy())
          .signature(decision.tls().identity().keyKind())
          .ifPresent(signed -> entrance.events().handshakeSigned(signed.label()));
    }
    dropHandshake(facts.resumption() != Resumption.FULL);
    entrance.events().handshakeSucceeded(entrance.listener(), facts, nanos);
    if (!resumed && ended.stapled != StapleResult.NOT_ASKED) {
      // Resumed, no certificate is sent, and so no response either.
      entrance.events().stapled(decision.staple().certificate(), ended.stapled);
    }
    try {
      entrance.secured().secured(context.channel(), facts, decision);
    } catch (RuntimeException e) {
      // Nobody would ever answer this client, nor end its connection.
      log.error("{}: a connection could not be taken over", entrance.listener(), e);
      context.close();
    }
  }

  private TlsFacts facts(
      ClientHello hello, OpenSslSession session, boolean resumed, Optional<ClientIdentity> client) {
    String group = session.getNamedGroup();
    String alpn = engineHandler.applicationProtocol();
    String version = session.getProtocol();
    return new TlsFacts(
        decision.host(),
        version,
        session.getCipherSuite(),
        group == null ? "" : group,
        alpn == null ? "" : alpn,
        hello.serverName(),
        resumed ? resumption(hello, version, decision.terms()) : Resumption.FULL,
        client.map(ClientIdentity::subject).orElse(""),
        client);
  }

  /** In TLS 1.2 a ticket is looked at first, and an id only where there is none. */
  private static Resumption resumption(ClientHello hello, String version, TlsTerms terms) {
    boolean id = hello.resumption() == ClientHello.ResumptionOffer.SESSION_ID || !terms.tickets();
    return id && !"TLSv1.3".equals(version) ? Resumption.CACHE : Resumption.TICKET;
  }

  private void failed(Channel channel, Verdict verdict) {
    state = State.FAILED;
    Optional<ClientHello> hello = handshake.map(Handshake::hello);
    dropHandshake(false);
    entrance.failed(channel, decision.host(), verdict.failure(), verdict.detail(), hello);
  }

  private Verdict verdict(Channel channel, Throwable cause) {
    Verdict verdict = FailureClassifier.classify(cause, hello(), decision.terms());
    boolean alert = TlsInput.of(channel).map(TlsInput::endsWithAlert).orElse(true);
    return alert ? verdict : FailureClassifier.notByAlert(verdict);
  }

  private ClientHello hello() {
    return handshake.orElseThrow().hello;
  }

  private void dropHandshake(boolean resumed) {
    entrance.deadlines().disarm(handshake.orElseThrow().deadline);
    entrance.gate().ended(hello(), resumed);
    handshake = Optional.empty();
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
      entrance.events().closed(Side.CLIENT, how);
    }
  }

  /** What is known of a handshake while it lasts. */
  private record Handshake(
      ClientHello hello, Deadline deadline, long startedNanos, StapleResult stapled) {

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
