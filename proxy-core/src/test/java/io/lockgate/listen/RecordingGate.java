package io.lockgate.listen;

import io.lockgate.tls.ClientHello;
import io.lockgate.tls.HandshakeGate;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Lets handshakes in until it is shut; counts those that have not ended. */
final class RecordingGate implements HandshakeGate {
  final AtomicInteger inProgress = new AtomicInteger();
  final BlockingQueue<Boolean> resumed = new LinkedBlockingQueue<>();
  volatile boolean shut;

  @Override
  public Optional<String> refusal(ClientHello hello) {
    if (shut) {
      return Optional.of("The gate is shut.");
    }
    inProgress.incrementAndGet();
    return Optional.empty();
  }

  @Override
  public void ended(ClientHello hello, boolean wasResumed) {
    inProgress.decrementAndGet();
    resumed.add(wasResumed);
  }
}
