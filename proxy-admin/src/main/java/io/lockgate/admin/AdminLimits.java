package io.lockgate.admin;

import java.time.Duration;

/**
 * What a client of the admin endpoint may cost.
 *
 * @param patience for a whole request to come in, or a whole response to go out
 */
record AdminLimits(
    Duration patience,
    int maxConnections,
    int maxRequestLineBytes,
    int maxHeadBytes,
    int maxBodyBytes) {

  static final AdminLimits STANDARD =
      new AdminLimits(Duration.ofSeconds(30), 64, 4 * 1024, 16 * 1024, 64 * 1024);
}
