package io.lockgate.app;

import io.lockgate.config.hocon.ConfigReader;
import io.lockgate.config.hocon.ConfigResult;
import io.lockgate.config.model.AdminConfig;
import io.lockgate.config.model.BindAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/**
 * Where the daemon's admin endpoint is and how to be let in. What is said on the command line wins
 * over the environment, and that over the configuration file.
 */
final class AdminOptions {
  private static final String USUAL_ADDRESS = "127.0.0.1:9901";
  private static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(2);

  @Option(
      names = "--admin",
      paramLabel = "ADDRESS",
      description =
          "Host and port of the admin endpoint; otherwise of -c, or " + USUAL_ADDRESS + ".")
  private Optional<String> address = Optional.empty();

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description = "The admin token; LOCKGATE_ADMIN_TOKEN keeps it out of the list of processes.")
  private Optional<String> token = Optional.empty();

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "A configuration to take the address and the token from.")
  private Optional<Path> configFile = Optional.empty();

  boolean addressGiven() {
    return address.isPresent();
  }

  Optional<Path> configFile() {
    return configFile;
  }

  AdminClient client(Surroundings surroundings) {
    Optional<AdminConfig> configured = configured(surroundings);
    String where =
        address
            .or(() -> configured.map(AdminConfig::address).map(AdminOptions::reachable))
            .orElse(USUAL_ADDRESS);
    Optional<String> secret =
        token
            .or(() -> Optional.ofNullable(surroundings.environment().get("LOCKGATE_ADMIN_TOKEN")))
            .or(() -> configured.flatMap(AdminConfig::token).map(AdminConfig.Secret::value));
    return new AdminClient(where, secret, ANSWER_TIMEOUT);
  }

  private Optional<AdminConfig> configured(Surroundings surroundings) {
    return configFile
        .map(file -> ConfigReader.read(file, surroundings.environment()))
        .filter(ConfigResult.Valid.class::isInstance)
        .map(result -> ((ConfigResult.Valid) result).config().admin());
  }

  /** An endpoint bound to all addresses is reached on loopback. */
  private static String reachable(BindAddress bound) {
    return switch (bound.ip()) {
      case "0.0.0.0" -> new BindAddress("127.0.0.1", bound.port()).toString();
      case "::" -> new BindAddress("::1", bound.port()).toString();
      default -> bound.toString();
    };
  }
}
