package io.lockgate.app;

import io.lockgate.config.hocon.ConfigReader;
import io.lockgate.config.hocon.ConfigResult;
import io.lockgate.config.model.AdminConfig;
import io.lockgate.config.model.BindAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Where the daemon's admin endpoint is and how to be let in. What is said on the command line wins
 * over the environment, and that over the configuration file.
 */
final class AdminOptions {
  private static final String USUAL_ADDRESS = "127.0.0.1:9901";

  /** A name, an IPv4 address or one of IPv6 in brackets, and the port. */
  private static final Pattern ADDRESS =
      Pattern.compile("(?:[\\w.-]+|\\[[0-9A-Fa-f:.]+(?:%25\\w+)?]):(\\d{1,5})");

  private static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(2);

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

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

  @Option(
      names = "--admin",
      paramLabel = "ADDRESS",
      description =
          "Host and port of the admin endpoint; otherwise of -c, or " + USUAL_ADDRESS + ".")
  void address(String given) {
    if (!isAddress(given)) {
      throw new ParameterException(
          command.commandLine(),
          "--admin takes a host and a port, such as " + USUAL_ADDRESS + ", not \"" + given + "\"");
    }
    address = Optional.of(given);
  }

  private static boolean isAddress(String text) {
    Matcher address = ADDRESS.matcher(text);
    if (!address.matches()) {
      return false;
    }
    int port = Integer.parseInt(address.group(1));
    return port > 0 && port <= 65_535;
  }

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
