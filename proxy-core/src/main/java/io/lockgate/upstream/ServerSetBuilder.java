package io.lockgate.upstream;

import io.lockgate.config.model.BalanceConfig;
import io.lockgate.config.model.UpstreamConfig;
import io.lockgate.loop.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds all addresses of an upstream's servers, and keeps what is known of each of them. */
final class ServerSetBuilder {
  private final UpstreamConfig config;
  private final Transport transport;
  private final UpstreamWatch watch;
  private final Changes changes;

  /**
   * @param watch knows the addresses of servers that are configured by name
   * @param changes is told of each server whose state changes
   */
  ServerSetBuilder(
      UpstreamConfig config, Transport transport, UpstreamWatch watch, Changes changes) {
    this.config = config;
    this.transport = transport;
    this.watch = watch;
    this.changes = changes;
  }

  /** Who is told of a change of a server's state; on whichever thread has found out. */
  @FunctionalInterface
  interface Changes {
    void changed(String address, ServerState was, ServerState is, String why);
  }

  /**
   * The servers of a pool that is new.
   *
   * @param before those of the pool it replaces, whose health is known; empty where it is the first
   */
  ServerSet first(Optional<ServerSet> before) {
    Map<String, UpstreamServer> known = before.map(ServerSet::byAddress).orElse(Map.of());
    return build(
        (its, address, socket) ->
            Optional.ofNullable(known.get(address))
                .map(old -> heir(its, address, socket, old))
                .orElseGet(() -> newcomer(its, address, socket, before.isPresent())));
  }

  /** The servers of the same pool, now that names may have other addresses. */
  ServerSet next(ServerSet now) {
    Map<String, UpstreamServer> known = now.byAddress();
    return build(
        (its, address, socket) -> {
          UpstreamServer old = known.get(address);
          if (old == null) {
            return newcomer(its, address, socket, true);
          }
          return old.is(its) ? old : heir(its, address, socket, old);
        });
  }

  @FunctionalInterface
  private interface Servers {
    UpstreamServer of(UpstreamConfig.Server its, String address, SocketAddress socket);
  }

  private ServerSet build(Servers servers) {
    List<UpstreamServer> found = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    List<String> unresolved = new ArrayList<>();
    for (UpstreamConfig.Server server : config.servers()) {
      Optional<SocketAddress> address = ServerAddresses.of(server, transport);
      if (address.isPresent()) {
        seen.add(server.address());
        found.add(servers.of(server, server.address(), address.get()));
        continue;
      }
      List<InetAddress> addresses = watch.known(server.host()).addresses();
      for (InetAddress each : addresses) {
        String text = UpstreamServer.text(each, server.port());
        if (seen.add(text)) {
          found.add(servers.of(server, text, new InetSocketAddress(each, server.port())));
        }
      }
      if (addresses.isEmpty()) {
        unresolved.add(server.address());
      }
    }
    return ServerSet.of(
        found, unresolved, config.balance().method() instanceof BalanceConfig.Method.Hash);
  }

  /** A server that nothing is known of; where others serve already, its share rises slowly. */
  private UpstreamServer newcomer(
      UpstreamConfig.Server its, String address, SocketAddress socket, boolean rises) {
    var standing = new ServerStanding(listener(address), System::currentTimeMillis);
    if (rises) {
      standing.rise(System.nanoTime());
    }
    return new UpstreamServer(its, address, socket, standing);
  }

  private UpstreamServer heir(
      UpstreamConfig.Server its, String address, SocketAddress socket, UpstreamServer old) {
    ServerStanding standing =
        old.standing()
            .takenOver(
                listener(address), config.health().isPresent(), config.ejection().isPresent());
    return new UpstreamServer(its, address, socket, standing);
  }

  private ServerStanding.Listener listener(String address) {
    return (was, is, why) -> changes.changed(address, was, is, why);
  }
}
