package io.lockgate.relay;

import io.lockgate.config.model.RelayConfig.Mode;
import io.lockgate.loop.Loop;
import io.lockgate.snapshot.ServedHost;
import io.lockgate.snapshot.ServedHost.RelayTarget;
import io.lockgate.tls.TlsFacts;
import io.lockgate.upstream.RequestFacts;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * What a relay is about.
 *
 * @param listener label of the listener
 * @param tls of the client, where it ended here
 * @param sni the name that the client sent
 * @param client what servers may be told, and picked by
 * @param startTls whether the client asked for TLS as PostgreSQL does, so that the server is asked
 * @param drainTimeout how long a relay may go on that is asked to end
 */
public record RelayTerms(
    Loop loop,
    RelayListener events,
    String listener,
    ServedHost host,
    RelayTarget target,
    TlsFacts tls,
    String sni,
    RequestFacts client,
    boolean startTls,
    Supplier<Duration> drainTimeout) {

  boolean passthrough() {
    return target.config().mode() == Mode.PASSTHROUGH;
  }

  String mode() {
    return passthrough() ? "passthrough" : "tcp";
  }
}
