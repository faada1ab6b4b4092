package io.lockgate.listen;

import io.lockgate.config.model.BindAddress;
import io.netty.channel.ServerChannel;

/**
 * A listening socket that somebody else has bound: the process that served before, or the service
 * manager. Connections may wait in it already.
 */
public record InheritedSocket(ServerChannel channel, Origin origin) {

  /** Who has bound a socket, and what is known of it by that. */
  public sealed interface Origin {}

  /**
   * It comes from the process before.
   *
   * @param listener its name there
   * @param address what that process was told to bind
   */
  public record Configured(String listener, BindAddress address) implements Origin {}

  /**
   * It comes from the service manager: where it listens, only the socket itself says.
   *
   * @param name by which the service manager knows it; need not be unique, nor a listener's
   */
  public record Passed(String name) implements Origin {}
}
