package io.lockgate.proxy;

import io.lockgate.config.model.ConfigProblem;
import io.lockgate.config.model.Origin;
import io.lockgate.config.model.ProxyConfig;
import io.lockgate.listen.BindException;
import java.io.IOException;

/** What keeps a configuration from serving although nothing in it is wrong by itself. */
final class ReloadProblems {
  private ReloadProblems() {}

  static ConfigProblem accessLogUnwritable(ProxyConfig config, IOException cause) {
    return ConfigProblem.error(
        "access-log-unwritable",
        "access-log.path",
        config.origins().of("access-log.path").orElse(Origin.BUILT_IN),
        "the access log cannot be written: " + cause.getMessage(),
        "create the directory, or grant the proxy's user the right to write there");
  }

  static ConfigProblem addressInUse(ProxyConfig config, BindException cause) {
    String path = "listeners." + cause.listener() + ".address";
    return ConfigProblem.error(
        "address-in-use",
        path,
        config.origins().of(path).orElse(Origin.BUILT_IN),
        cause.getMessage(),
        "choose another address");
  }

  /** The daemon starts, drains, stops or hands over. */
  static ConfigProblem notNow(String why, String hint) {
    return ConfigProblem.error(ReloadReport.NOT_NOW, "", Origin.BUILT_IN, why, hint);
  }

  static ConfigProblem internal(Throwable cause) {
    return ConfigProblem.error(
        "internal", "", Origin.BUILT_IN, "the proxy failed: " + cause, "please report this");
  }
}
