package io.lockgate.config.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How servers are asked whether they are well.
 *
 * @param path what is asked for; empty where opening a connection is proof enough
 * @param host value of the Host field; the server's address where empty
 * @param healthyAfter good answers in a row
 * @param unhealthyAfter bad answers in a row
 * @param expect statuses that are good
 */
public record HealthConfig(
    Optional<String> path,
    Optional<String> host,
    Duration interval,
    Duration timeout,
    int healthyAfter,
    int unhealthyAfter,
    List<Integer> expect) {
  public HealthConfig {
    expect = List.copyOf(expect);
  }
}
