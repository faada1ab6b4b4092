package io.lockgate.config.hocon;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The files of a configuration, read again and again. Where none of them has changed the result is
 * the very same as before, which spares a proxy of very many hosts most of a reload: what changes
 * daily are certificates. Reads files, so it never runs on an event loop; for one thread at a time.
 */
public final class ConfigSource {
  private final Path file;
  private final Map<String, String> environment;
  private Optional<Remembered> last = Optional.empty();
  private volatile Set<Path> files;

  /**
   * A source that has not been read yet.
   *
   * @param environment what {@code ${?NAME}} is looked up in
   */
  public ConfigSource(Path file, Map<String, String> environment) {
    this.file = file;
    this.environment = Map.copyOf(environment);
    this.files = Set.of(file);
  }

  private record Remembered(ConfigResult.Valid result, ReadFiles files) {}

  /** Reads what has changed. Only a valid result is given twice. */
  public ConfigResult read() {
    if (last.isPresent() && last.get().files().stillTrue()) {
      return last.get().result();
    }
    Reading reading = new Reading(file, environment);
    ConfigResult result = ConfigReader.read(reading);
    last =
        result instanceof ConfigResult.Valid valid
            ? Optional.of(new Remembered(valid, reading.readFiles()))
            : Optional.empty();
    last.ifPresent(read -> files = read.files().paths());
    return result;
  }

  /** Files and directories that the last valid reading rests on; from any thread. */
  public Set<Path> files() {
    return files;
  }
}
