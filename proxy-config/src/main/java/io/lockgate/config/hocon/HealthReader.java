package io.lockgate.config.hocon;

import io.lockgate.config.model.HealthConfig;
import io.lockgate.config.model.HealthConfig.Question;
import io.lockgate.config.model.UpstreamConfig.Protocol;

/** Reads {@code health} of an upstream. */
final class HealthReader {
  private final Reading reading;

  HealthReader(Reading reading) {
    this.reading = reading;
  }

  HealthConfig read(String upstream, Block block, Protocol protocol) {
    return new HealthConfig(
        question(upstream, block, protocol),
        block.maybeText("host"),
        block.duration("interval"),
        block.duration("timeout"),
        block.integer("healthy-after"),
        block.integer("unhealthy-after"));
  }

  private Question question(String upstream, Block block, Protocol protocol) {
    String type = block.maybeText("type").orElse(block.has("path") ? "http" : "tcp");
    belongsTo("http", "path", type, upstream, block);
    belongsTo("http", "expect", type, upstream, block);
    belongsTo("grpc", "service", type, upstream, block);
    return switch (type) {
      case "grpc" -> grpc(upstream, block, protocol);
      case "http" ->
          new Question.Get(
              block.maybeText("path").orElseGet(() -> noPath(upstream, block)),
              block.list("expect", Integer.class));
      default -> new Question.Connect();
    };
  }

  private void belongsTo(String owner, String key, String type, String upstream, Block block) {
    if (!type.equals(owner) && block.has(key)) {
      reading.error(
          "contradiction",
          block.node(key),
          "upstream \"" + upstream + "\": " + key + " means nothing to checks of type " + type,
          "take it out, or write type = " + owner);
    }
  }

  private String noPath(String upstream, Block block) {
    if (!block.has("path")) {
      reading.error(
          "health-without-path",
          block.node("type"),
          "upstream \"" + upstream + "\": checks of type http need a path to ask for",
          "path = \"/healthz\"");
    }
    return "/";
  }

  private Question grpc(String upstream, Block block, Protocol protocol) {
    if (protocol == Protocol.HTTP_1_1) {
      reading.error(
          "grpc-without-h2",
          block.node("type"),
          "upstream \"" + upstream + "\": gRPC is spoken over HTTP/2 only",
          "add protocol = h2 to the upstream");
    }
    return new Question.Grpc(block.maybeText("service").orElse(""));
  }
}
