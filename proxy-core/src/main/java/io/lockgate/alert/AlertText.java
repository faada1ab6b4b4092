package io.lockgate.alert;

import io.lockgate.config.model.AlertsConfig.WebhookConfig;
import io.lockgate.json.JsonString;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Alerts in the form of Alertmanager's API v2: a JSON array, an object for each. Pure. */
final class AlertText {
  /** A receiver that hears no more of an alert takes it for over after so many repetitions. */
  private static final int REPETITIONS = 4;

  private static final Duration LEAST_LIFE = Duration.ofMinutes(1);

  private AlertText() {}

  static String json(List<ActiveAlert> alerts, WebhookConfig config, Instant now) {
    StringBuilder text = new StringBuilder(256 * alerts.size());
    for (ActiveAlert active : alerts) {
      text.append(text.length() == 0 ? '[' : ',');
      append(text, active, config, now);
    }
    return text.append(']').toString();
  }

  private static void append(
      StringBuilder text, ActiveAlert active, WebhookConfig config, Instant now) {
    Map<String, String> labels = new TreeMap<>(config.labels());
    labels.putAll(active.labels());
    Map<String, String> annotations = new TreeMap<>();
    annotations.put("summary", active.alert().summary());
    annotations.put("description", active.alert().description());
    Duration life = config.repeatEvery().multipliedBy(REPETITIONS).plus(LEAST_LIFE);
    text.append("{\"labels\":");
    object(text, labels);
    text.append(",\"annotations\":");
    object(text, annotations);
    text.append(",\"startsAt\":");
    JsonString.append(text, active.startsAt().toString());
    text.append(",\"endsAt\":");
    JsonString.append(text, active.endsAt().orElse(now.plus(life)).toString());
    text.append('}');
  }

  private static void object(StringBuilder text, Map<String, String> fields) {
    char before = '{';
    for (Map.Entry<String, String> field : fields.entrySet()) {
      text.append(before);
      JsonString.append(text, field.getKey());
      text.append(':');
      JsonString.append(text, field.getValue());
      before = ',';
    }
    text.append('}');
  }
}
