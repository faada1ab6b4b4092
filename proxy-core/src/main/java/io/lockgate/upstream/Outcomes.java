package io.lockgate.upstream;

import io.lockgate.config.model.BalanceConfig;
import io.lockgate.config.model.EjectionConfig;
import io.lockgate.config.model.UpstreamConfig;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What becomes of the requests to an upstream's servers, as far as it says something about them: an
 * answer proves that a server can be reached, failures in a row have it ejected. Shared by all
 * event loops and called on them, once or twice a request; without locks.
 */
final class Outcomes {
  private final boolean countsLoad;
  private final Optional<EjectionConfig> config;
  private final LongSupplier nanoClock;
  private final Ejector ejector;

  Outcomes(UpstreamConfig config, LongSupplier nanoClock, Ejector ejector) {
    BalanceConfig.Method method = config.balance().method();
    this.countsLoad =
        method == BalanceConfig.Method.Even.LEAST_REQUESTS
            || method instanceof BalanceConfig.Method.Hash;
    this.config = config.ejection();
    this.nanoClock = nanoClock;
    this.ejector = ejector;
  }

  /** Takes a server out for a while, if so many may be out. */
  interface Ejector {
    void eject(UpstreamServer server, String why);
  }

  /** Whether the choice of a server looks at how many requests each has. */
  boolean countsLoad() {
    return countsLoad;
  }

  boolean timesHeads() {
    return config.isPresent() && config.get().latencyFactor() > 0;
  }

  void connected(UpstreamServer server) {
    if (config.isPresent()) {
      server.standing().countSuccess();
    }
  }

  void answered(UpstreamServer server, int status) {
    if (server.standing().health() == ServerState.UNREACHABLE) {
      server.standing().reached(nanoClock.getAsLong());
    }
    if (config.isPresent()) {
      if (status >= 502 && status <= 504) {
        count(server, "status " + status);
      } else {
        server.standing().countSuccess();
      }
    }
  }

  void failed(UpstreamServer server, UpstreamFailure failure) {
    if (config.isPresent()) {
      count(server, failure.name().toLowerCase(Locale.ROOT).replace('_', ' '));
    }
  }

  private void count(UpstreamServer server, String what) {
    int failures = server.standing().countFailure();
    if (failures >= config.get().consecutiveFailures()) {
      ejector.eject(server, failures + " failures in a row, the last: " + what);
    }
  }
}
