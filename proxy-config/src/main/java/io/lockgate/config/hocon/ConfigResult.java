package io.lockgate.config.hocon;

import io.lockgate.config.model.ConfigProblem;
import io.lockgate.config.model.ProxyConfig;
import java.util.List;

/** The outcome of reading configuration files: a model, or every reason why there is none. */
public sealed interface ConfigResult {
  /** Problems found, in the order of files and lines; in a valid configuration warnings only. */
  List<ConfigProblem> problems();

  /**
   * A configuration that can be built.
   *
   * @param effective every key with the value that counts, for people
   */
  record Valid(ProxyConfig config, List<ConfigProblem> problems, EffectiveConfig effective)
      implements ConfigResult {}

  /** A configuration that must not be loaded. */
  record Invalid(List<ConfigProblem> problems) implements ConfigResult {}
}
