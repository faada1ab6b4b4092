package io.lockgate.alert;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All there is to say of alerts at one moment.
 *
 * @param state {@code page}, {@code ticket} or {@code ok}: the most urgent of those that fire and
 *     are not silenced
 * @param alerts those that fire, the most urgent first, then those that ended lately
 * @param levels hosts with traffic within six hours, the fastest to burn first
 * @param unwatchedHosts hosts with traffic beyond the bound, whose levels are not computed
 */
public record AlertReport(
    Instant time,
    String state,
    List<AlertView> alerts,
    List<LevelView> levels,
    List<Silence> silences,
    Optional<WebhookView> webhook,
    int unwatchedHosts) {

  /**
   * @param state {@code firing} or {@code resolved}
   * @param endsAt empty while it fires
   * @param silencedBy id of a silence, or empty
   */
  public record AlertView(
      String name,
      String severity,
      String state,
      Map<String, String> labels,
      String summary,
      String description,
      Instant startsAt,
      Optional<Instant> endsAt,
      Optional<String> silencedBy) {}

  /**
   * @param level {@code handshakes} or {@code requests}
   * @param objective in per cent
   * @param state {@code page}, {@code ticket} or {@code ok}
   * @param windows by {@code 5m}, {@code 30m}, {@code 1h} and {@code 6h}
   */
  public record LevelView(
      String host, String level, double objective, String state, Map<String, WindowView> windows) {}

  /**
   * @param successRate from 0 to 1; 1 where nothing happened
   * @param burnRate 1 uses up the budget exactly
   */
  public record WindowView(long events, long failures, double successRate, double burnRate) {}

  /**
   * @param url without what may be secret in it
   * @param lastError empty where the last one went well
   */
  public record WebhookView(
      String url, long sent, long failed, Optional<Instant> lastSuccess, String lastError) {}
}
