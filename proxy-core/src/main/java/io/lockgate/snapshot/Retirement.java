package io.lockgate.snapshot;

import io.lockgate.config.model.ListenerConfig;
import io.lockgate.pki.ClientIdentity;
import io.lockgate.pki.ClientVerifier;
import io.lockgate.upstream.UpstreamPool;
import java.util.List;
import java.util.Optional;

/**
 * What of one generation the next one does not have. With the builder the only place that knows
 * both.
 *
 * @param pools to be drained
 */
public record Retirement(Snapshot previous, Snapshot next, List<UpstreamPool> pools) {

  public static Retirement between(Snapshot previous, Snapshot next) {
    List<UpstreamPool> pools =
        previous.pools().entrySet().stream()
            .filter(pool -> !pool.getValue().equals(next.pools().get(pool.getKey())))
            .map(pool -> pool.getValue())
            .toList();
    return new Retirement(previous, next, pools);
  }

  /**
   * Whether a connection must end because what it was promised no longer holds: its listener is
   * gone or speaks otherwise, or the terms of the host it was opened to have changed. A new
   * certificate, other routes or another name of its listener end no connection.
   *
   * @param accepted the listener as it was when the connection came in
   */
  public boolean ends(ListenerConfig accepted, Optional<ServedHost> host) {
    return !keeps(next, accepted, host);
  }

  /**
   * Whether a client must be cut off at once, since the host that it was let in to would not let it
   * in any more: its certificate was revoked.
   */
  public boolean bars(
      ListenerConfig accepted, Optional<ServedHost> host, Optional<ClientIdentity> client) {
    return bars(next, accepted, host, client);
  }

  /** The same for a connection that is in nobody's list yet. */
  public static boolean bars(
      Snapshot now,
      ListenerConfig accepted,
      Optional<ServedHost> host,
      Optional<ClientIdentity> client) {
    if (client.isEmpty() || host.isEmpty()) {
      return false;
    }
    Optional<ClientVerifier> verifier =
        now.listener(accepted.name(), accepted.address())
            .flatMap(served -> served.served(host.get().label()))
            .flatMap(offered -> offered.terms().clientAuth().verifier());
    return verifier.isPresent()
        && !verifier.equals(host.get().terms().clientAuth().verifier())
        && verifier.get().verifyAgain(client.get()).isPresent();
  }

  /**
   * Whether {@code now} still keeps what a connection was promised: one that was under way to its
   * first request while a generation was published is in nobody's list yet.
   *
   * @param accepted the listener as it was when the connection came in
   */
  public static boolean keeps(Snapshot now, ListenerConfig accepted, Optional<ServedHost> host) {
    Optional<ListenerHosts> served = now.listener(accepted.name(), accepted.address());
    if (served.isEmpty() || served.get().config().tls() != accepted.tls()) {
      return false;
    }
    if (host.isEmpty()) {
      return true;
    }
    ServedHost promised = host.get();
    Optional<ServedHost> offered = served.get().served(promised.label());
    return offered.isPresent()
        && offered.get().terms().promisesSame(promised.terms())
        && forwardsAlike(promised, offered.get());
  }

  private static boolean forwardsAlike(ServedHost promised, ServedHost offered) {
    if (promised.relay().isEmpty() || offered.relay().isEmpty()) {
      return promised.relay().isEmpty() == offered.relay().isEmpty();
    }
    return offered.relay().get().continues(promised.relay().get());
  }
}
