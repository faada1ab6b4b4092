package io.lockgate.explain;

import io.lockgate.config.model.HostConfig;
import io.lockgate.config.model.Origin;
import io.lockgate.config.model.ProxyConfig;
import io.lockgate.config.model.TlsPolicy;
import io.lockgate.tls.Alerts;
import io.lockgate.tls.ClientHello;
import io.lockgate.tls.FailedHandshake;
import io.lockgate.tls.Offer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts what was remembered of failed handshakes beside the configuration that serves now. Allocates
 * freely: on the threads of whoever asks, never on an event loop.
 */
public final class HandshakeExplainer {
  private final ProxyConfig config;
  private final HandshakeAdviser adviser;
  private final Map<String, HostConfig> hosts = new HashMap<>();

  private HandshakeExplainer(ProxyConfig config) {
    this.config = config;
    this.adviser = new HandshakeAdviser(config);
    config.hosts().forEach(host -> hosts.put(host.name().toString(), host));
  }

  public static HandshakeExplainer of(ProxyConfig config) {
    return new HandshakeExplainer(config);
  }

  /** What all event loops remember, the newest first. */
  public List<ExplainedHandshake> explain(List<LoopFailures> loops) {
    Map<List<Object>, RecordedFailure> merged = new HashMap<>();
    loops.forEach(
        loop ->
            loop.forEach(
                recorded -> merged.merge(key(recorded.latest()), recorded, RecordedFailure::and)));
    List<RecordedFailure> newestFirst = new ArrayList<>(merged.values());
    newestFirst.sort(Comparator.comparing(RecordedFailure::last).reversed());
    return newestFirst.stream().map(this::explain).toList();
  }

  private static List<Object> key(FailedHandshake failed) {
    return List.of(failed.listener(), failed.host(), failed.failure(), failed.clientAddress());
  }

  ExplainedHandshake explain(RecordedFailure recorded) {
    FailedHandshake failed = recorded.latest();
    Optional<HostConfig> host = Optional.ofNullable(hosts.get(failed.host()));
    Optional<Offer> offer = failed.hello().map(Offer::of);
    Advice advice = adviser.of(failed, offer, host);
    String received = Alerts.receivedIn(failed.detail());
    return new ExplainedHandshake(
        recorded.last(),
        recorded.first(),
        recorded.count(),
        failed.clientAddress(),
        failed.hello().map(ClientHello::serverName).orElse(""),
        failed.listener(),
        failed.host(),
        failed.failure().label(),
        failed.detail(),
        received.isEmpty() ? Alerts.sentFor(failed.failure()) : "",
        received,
        offer,
        host.map(h -> config.policies().get(h.tlsPolicy())).map(HandshakeExplainer::wanted),
        advice.hint(),
        advice.key(),
        origin(advice.key()));
  }

  private static ExplainedHandshake.Wanted wanted(TlsPolicy policy) {
    return new ExplainedHandshake.Wanted(
        policy.name(),
        policy.minVersion().text(),
        policy.maxVersion().text(),
        policy.ciphers12(),
        policy.groups(),
        policy.signatureAlgorithms().stream().sorted().toList());
  }

  /** Where the key is written, or else the nearest block around it. */
  private String origin(String key) {
    for (String path = key; !path.isEmpty(); path = above(path)) {
      Optional<Origin> origin = config.origins().of(path).filter(found -> found.line() > 0);
      if (origin.isPresent()) {
        return origin.get().toString();
      }
    }
    return "";
  }

  /** Names of hosts hold dots, and stand in quotes. */
  private static String above(String path) {
    int quote = path.lastIndexOf('"');
    int dot = path.lastIndexOf('.');
    return dot < 0 || dot < quote ? "" : path.substring(0, dot);
  }

  static String path(HostConfig host) {
    return "hosts.\"" + host.name() + "\"";
  }
}
