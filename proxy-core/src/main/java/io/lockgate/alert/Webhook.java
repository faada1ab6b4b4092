package io.lockgate.alert;

import io.lockgate.config.model.AlertsConfig.WebhookConfig;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * Tells a receiver of alerts, in the form of Alertmanager's API v2. One post is under way at most,
 * and what begins or ends meanwhile goes with the next one; one that fails is tried again in the
 * next round. Never blocks. Safe for several threads.
 */
final class Webhook {
  /** In one post; the most urgent first. */
  static final int MOST_ALERTS = 500;

  private final Map<Alert.Key, Instant> told = new HashMap<>();
  private Optional<HttpClient> client = Optional.empty();
  private boolean underWay;
  private long sent;
  private long failed;
  private Optional<Instant> lastSuccess = Optional.empty();
  private String lastError = "";

  /**
   * Posts what is due.
   *
   * @param alerts those that fire, and those that ended lately
   */
  synchronized void tell(Optional<WebhookConfig> config, List<ActiveAlert> alerts, Instant now) {
    if (config.isEmpty() || underWay) {
      return;
    }
    List<ActiveAlert> due = new ArrayList<>();
    for (ActiveAlert active : alerts) {
      if (due.size() < MOST_ALERTS && isDue(active, config.get(), now)) {
        due.add(active);
      }
    }
    told.keySet()
        .retainAll(alerts.stream().map(active -> active.alert().key()).collect(Collectors.toSet()));
    if (!due.isEmpty()) {
      post(config.get(), due, now);
    }
  }

  private boolean isDue(ActiveAlert active, WebhookConfig config, Instant now) {
    Instant last = told.get(active.alert().key());
    if (!active.firing()) {
      return last != null; // An end is told to who was told of the beginning, once.
    }
    // What a receiver knows of and no longer hears of is over for it: a silence keeps back what is
    // new.
    return (last != null || active.silencedBy().isEmpty())
        && (last == null || !now.isBefore(last.plus(config.repeatEvery())));
  }

  private void post(WebhookConfig config, List<ActiveAlert> due, Instant now) {
    if (client.isEmpty()) {
      client = Optional.of(HttpClient.newBuilder().connectTimeout(config.timeout()).build());
    }
    HttpRequest request =
        HttpRequest.newBuilder(config.url())
            .timeout(config.timeout())
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    AlertText.json(due, config, now), StandardCharsets.UTF_8))
            .build();
    underWay = true;
    client
        .get()
        .sendAsync(request, HttpResponse.BodyHandlers.discarding())
        .orTimeout(config.timeout().toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete((response, failure) -> answered(due, now, response, failure));
  }

  private synchronized void answered(
      List<ActiveAlert> due, Instant now, HttpResponse<Void> response, Throwable failure) {
    underWay = false;
    if (failure == null && response.statusCode() / 100 == 2) {
      sent++;
      lastSuccess = Optional.of(now);
      lastError = "";
      for (ActiveAlert active : due) {
        if (active.firing()) {
          told.put(active.alert().key(), now);
        } else {
          told.remove(active.alert().key());
        }
      }
    } else {
      failed++;
      lastError = failure == null ? "status " + response.statusCode() : reason(failure);
    }
  }

  private static String reason(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof TimeoutException || cause instanceof HttpTimeoutException) {
      return "no answer in time";
    }
    if (cause instanceof ConnectException) {
      return "cannot be connected";
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  synchronized long sent() {
    return sent;
  }

  synchronized long failed() {
    return failed;
  }

  /** Without user and path, which may be secrets. */
  private static String address(URI url) {
    return url.getScheme() + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort());
  }

  /** As it stands; empty where nobody is to be told. */
  synchronized Optional<AlertReport.WebhookView> view(Optional<WebhookConfig> config) {
    return config.map(
        c -> new AlertReport.WebhookView(address(c.url()), sent, failed, lastSuccess, lastError));
  }
}
