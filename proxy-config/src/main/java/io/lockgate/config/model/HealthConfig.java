package io.lockgate.config.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How servers are asked whether they are well.
 *
 * @param host value of the Host field or of {@code :authority}; the server's address where empty
 * @param healthyAfter good answers in a row
 * @param unhealthyAfter bad answers in a row
 */
public record HealthConfig(
    Question question,
    Optional<String> host,
    Duration interval,
    Duration timeout,
    int healthyAfter,
    int unhealthyAfter) {

  /** What a server is asked. */
  public sealed interface Question {
    /** Nothing: a connection that opens, TLS included, is proof enough. */
    record Connect() implements Question {}

    /**
     * A GET.
     *
     * @param expect statuses that are good
     */
    record Get(String path, List<Integer> expect) implements Question {
      public Get {
        expect = List.copyOf(expect);
      }
    }

    /**
     * A call of {@code grpc.health.v1.Health/Check}.
     *
     * @param service by its full name; the server as a whole where empty
     */
    record Grpc(String service) implements Question {}
  }
}
