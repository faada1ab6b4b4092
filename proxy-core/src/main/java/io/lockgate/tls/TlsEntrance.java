package io.lockgate.tls;

import io.lockgate.loop.Deadlines;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the handshakes of one listener on one event loop have in common.
 *
 * @param listener label of the listener
 * @param gate asked before the decider
 * @param deadlines of that event loop
 * @param handshakeTimeout from accept to the end of the handshake
 * @param clientAddress for reports of failures; asked only then
 * @param engineTime of that event loop
 * @param facts that connections of that event loop have settled on
 */
public record TlsEntrance(
    String listener,
    HandshakeGate gate,
    TlsDecider decider,
    SecuredConnection secured,
    TlsListener events,
    Deadlines deadlines,
    Duration handshakeTimeout,
    Function<Channel, String> clientAddress,
    EngineTime engineTime,
    SharedFacts facts) {
  private static final Logger log = LoggerFactory.getLogger(TlsEntrance.class);

  /**
   * Tells of a failed handshake; the caller sees to it that this happens once a connection.
   *
   * @param host label of the configured host, or {@code other}
   * @param detail a sentence for people
   * @param hello empty where there was none, or none that can be understood
   */
  public void failed(
      Channel channel,
      String host,
      HandshakeFailure failure,
      String detail,
      Optional<ClientHello> hello) {
    String client = clientAddress.apply(channel);
    log.debug(
        "{}: handshake of {} with {} failed: {}: {}",
        listener,
        client,
        host,
        failure.label(),
        detail);
    events.handshakeFailed(new FailedHandshake(listener, host, failure, client, detail, hello));
  }
}
