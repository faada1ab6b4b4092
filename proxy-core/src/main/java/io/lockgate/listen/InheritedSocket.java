package io.lockgate.listen;

import io.lockgate.config.model.BindAddress;
import io.netty.channel.ServerChannel;
import java.util.Optional;

/**
 * A listening socket that somebody else has bound: the process that served before, or the service
 * manager. Connections may wait in it already.
 *
 * @param configured what the process before was told to bind, and the name of its listener there;
 *     empty where only the socket itself says where it listens
 */
public record InheritedSocket(ServerChannel channel, Optional<Configured> configured) {

  /** How the process before knew it. */
  public record Configured(String listener, BindAddress address) {}
}
