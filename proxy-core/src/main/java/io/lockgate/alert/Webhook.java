package io.lockgate.alert;

import io.lockgate.config.model.AlertsConfig.WebhookConfig;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Tells a receiver of alerts. */
final class Webhook implements AutoCloseable {
  Webhook(Clock clock) {}

  void tell(Optional<WebhookConfig> config, List<ActiveAlert> alerts, Instant now) {}

  long sent() {
    return 0;
  }

  long failed() {
    return 0;
  }

  Optional<AlertReport.WebhookView> view(Optional<WebhookConfig> config) {
    return Optional.empty();
  }

  @Override
  public void close() {}
}
