package io.lockgate.config.model;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What somebody wants to be told of.
 *
 * @param common the objectives of every host that has none of its own
 * @param ofHosts by the host's name; complete
 * @param minFailures fewer failures within the longer window are no alert, whatever their share
 */
public record AlertsConfig(
    boolean enabled,
    Objectives common,
    Map<String, Objectives> ofHosts,
    int minFailures,
    List<SilenceConfig> silences,
    Optional<WebhookConfig> webhook) {

  /** As it is where nothing was written. */
  public static final AlertsConfig STANDARD =
      new AlertsConfig(true, new Objectives(99.9, 99.9), Map.of(), 10, List.of(), Optional.empty());

  public AlertsConfig {
    ofHosts = Map.copyOf(ofHosts);
    silences = List.copyOf(silences);
  }

  public Objectives objectivesOf(String host) {
    return ofHosts.getOrDefault(host, common);
  }

  /** Shares that should succeed, in per cent. */
  public record Objectives(double handshakes, double requests) {}

  /**
   * A time in which nobody wants to hear of some alerts.
   *
   * @param match labels that an alert has to have; {@code alertname} is its name
   */
  public record SilenceConfig(
      Map<String, String> match, Instant from, Instant until, String comment) {
    public SilenceConfig {
      match = Map.copyOf(match);
    }
  }

  /**
   * Whom to tell, in the form that Alertmanager takes.
   *
   * @param repeatEvery how often an alert that goes on is sent again
   * @param labels added to every alert
   */
  public record WebhookConfig(
      URI url, Duration repeatEvery, Duration timeout, Map<String, String> labels) {
    public WebhookConfig {
      labels = Map.copyOf(labels);
    }
  }
}
