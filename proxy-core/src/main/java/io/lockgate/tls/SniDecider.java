package io.lockgate.tls;

import java.util.Optional;

/**
 * Decides by server name: the host that covers it, the identity that the client can verify, the
 * context of both. Immutable; one per listener and snapshot.
 */
public final class SniDecider<H extends TlsHost> implements TlsDecider {

  /**
   * @param unknownHost serves names that no host covers; empty refuses them
   * @param missingSni serves clients that name no host; empty refuses them
   */
  public SniDecider(
      SniTable<H> hosts, Optional<H> unknownHost, Optional<H> missingSni, ContextCache contexts) {
    throw new UnsupportedOperationException();
  }

  @Override
  public TlsDecision decide(ClientHello hello) {
    throw new UnsupportedOperationException();
  }
}
