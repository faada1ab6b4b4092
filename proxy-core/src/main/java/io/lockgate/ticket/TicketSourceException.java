package io.lockgate.ticket;

import io.lockgate.config.model.ConfigProblem;
import io.lockgate.config.model.Origin;
import io.lockgate.config.model.ProxyConfig;

/** Ticket secrets cannot be had, or not be changed. The message never holds any part of one. */
public final class TicketSourceException extends Exception {
  private static final long serialVersionUID = 1;

  private final String code;
  private final String path;
  private final String hint;

  /**
   * @param code of the problem as an operator knows it
   * @param path of the key in the configuration
   */
  TicketSourceException(String code, String path, String message, String hint) {
    super(message);
    this.code = code;
    this.path = path;
    this.hint = hint;
  }

  public String hint() {
    return hint;
  }

  /** As an error of the configuration that asks for this source. */
  public ConfigProblem problem(ProxyConfig config) {
    Origin origin = config.origins().of(path).orElse(Origin.BUILT_IN);
    return ConfigProblem.error(code, path, origin, getMessage(), hint);
  }
}
