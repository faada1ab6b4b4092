package io.lockgate.config.hocon;

import io.lockgate.config.model.AlertsConfig;
import io.lockgate.config.model.AlertsConfig.Objectives;
import io.lockgate.config.model.AlertsConfig.SilenceConfig;
import io.lockgate.config.model.AlertsConfig.WebhookConfig;
import io.lockgate.config.model.HostPattern;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads {@code alerts}, and the objectives of hosts. */
final class AlertsReader {
  private final Reading reading;
  private final Block root;

  AlertsReader(Reading reading, Block root) {
    this.reading = reading;
    this.root = root;
  }

  AlertsConfig read() {
    Block block = root.block("alerts");
    Block objectives = block.block("objectives");
    Objectives common =
        new Objectives(objectives.percent("handshakes"), objectives.percent("requests"));
    return new AlertsConfig(
        block.on("enabled"),
        common,
        ofHosts(common),
        block.integer("min-failures"),
        silences(block),
        block.maybeBlock("webhook").flatMap(AlertsReader::webhook));
  }

  private Map<String, Objectives> ofHosts(Objectives common) {
    Map<String, Objectives> ofHosts = new HashMap<>();
    root.blocks("hosts")
        .forEach(
            (name, host) -> {
              Optional<Block> own = host.maybeBlock("objectives");
              if (own.isPresent() && NetworkTypes.parseHost(name) instanceof Parsed.Good good) {
                ofHosts.put(((HostPattern) good.value()).toString(), own(own.get(), common));
              }
            });
    return ofHosts;
  }

  private static Objectives own(Block own, Objectives common) {
    return new Objectives(
        own.maybe("handshakes", Double.class).orElse(common.handshakes()),
        own.maybe("requests", Double.class).orElse(common.requests()));
  }

  private List<SilenceConfig> silences(Block block) {
    List<SilenceConfig> silences = new ArrayList<>();
    for (Node item : block.items("silences")) {
      Block silence = (Block) item;
      Optional<Instant> from = silence.maybe("from", Instant.class);
      Optional<Instant> until = silence.maybe("until", Instant.class);
      if (from.isPresent() && until.isPresent()) {
        if (!from.get().isBefore(until.get())) {
          reading.error(
              "empty-silence",
              silence,
              silence.pathOf("until") + " is not after from",
              "say when it begins and when it ends");
        }
        Map<String, String> match = labels(silence, "match");
        if (match.isEmpty()) {
          reading.error(
              "empty-silence",
              silence,
              silence.pathOf("match") + " names no label, so nobody would be told of anything",
              "match { host = \"www.example.com\" }");
        }
        silences.add(new SilenceConfig(match, from.get(), until.get(), silence.text("comment")));
      }
    }
    return silences;
  }

  private static Optional<WebhookConfig> webhook(Block webhook) {
    return webhook
        .maybe("url", URI.class)
        .map(
            url ->
                new WebhookConfig(
                    url,
                    webhook.duration("repeat-every"),
                    webhook.duration("timeout"),
                    labels(webhook, "labels")));
  }

  private static Map<String, String> labels(Block block, String key) {
    Map<String, String> labels = new TreeMap<>();
    block
        .fields(key)
        .forEach(
            field ->
                field
                    .leaf()
                    .value()
                    .ifPresent(value -> labels.put(field.name(), value.toString())));
    return labels;
  }
}
