package io.lockgate.config.hocon;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import io.lockgate.config.model.ProxyConfig;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Reads configuration files (HOCON) into the model, or into every reason why that cannot be done.
 *
 * <p>Reads files, so it never runs on an event loop. It changes nothing, looks up no name, and
 * opens certificate files not at all: it only checks that they can be read.
 */
public final class ConfigReader {
  static final String ROOT_KEY = "lockgate";

  private ConfigReader() {}

  /**
   * Reads {@code file} and all it includes.
   *
   * @param environment what {@code ${?NAME}} is looked up in
   */
  public static ConfigResult read(Path file, Map<String, String> environment) {
    return read(new Reading(file, Map.copyOf(environment)));
  }

  static ConfigResult read(Reading reading) {
    Optional<ProxyConfig> config = Optional.empty();
    Optional<Block> root = new Sources(reading).load().flatMap(tree -> walk(tree, reading));
    if (root.isPresent()) {
      config = Optional.of(new ModelReader(reading, root.get()).read());
    }
    if (reading.hasErrors() || config.isEmpty()) {
      return new ConfigResult.Invalid(reading.problems());
    }
    return new ConfigResult.Valid(
        config.get(), reading.problems(), EffectiveConfig.of(root.get(), reading.derived()));
  }

  private static Optional<Block> walk(ConfigObject tree, Reading reading) {
    SchemaWalk walk = new SchemaWalk(reading);
    SchemaWalk.each(
        tree,
        (name, value) -> {
          if (!name.equals(ROOT_KEY) && !Sources.isVariable(value)) {
            reading.error(
                "unknown-key",
                Quoted.asSegment(name),
                walk.originOf(value),
                "there is no key " + Quoted.inMessage(name) + " outside of " + ROOT_KEY,
                "everything stands within " + ROOT_KEY + " { }");
          }
        });
    ConfigValue value = tree.get(ROOT_KEY);
    if (value == null) {
      if (!reading.hasErrors()) {
        reading.error(
            "missing-key",
            "",
            reading.start(),
            "the block \"" + ROOT_KEY + "\" is missing",
            "everything stands within " + ROOT_KEY + " { }");
      }
      return Optional.empty();
    }
    return walk.value(Schema.LOCKGATE, value, Place.ROOT).map(Block.class::cast);
  }
}
