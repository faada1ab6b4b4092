package io.lockgate.config.model;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The access log.
 *
 * @param path empty means standard output
 * @param samplePercent share of exchanges that get a line; errors always get one
 */
public record AccessLogConfig(Optional<Path> path, Format format, double samplePercent) {
  /** How a line looks. */
  public enum Format {
    JSON,
    /** With names of the Elastic Common Schema. */
    ECS,
    COMBINED,
    OFF
  }
}
