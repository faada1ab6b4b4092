package io.lockgate.admin;

import io.lockgate.alert.Silence;
import io.lockgate.alert.Silences;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** What an operator orders of silences. On the endpoint's workers. */
final class SilenceOrders {
  private static final Pattern LENGTH = Pattern.compile("([1-9][0-9]{0,6})([smhd])");
  private static final int MOST_LABELS = 16;
  private static final int LONGEST_TEXT = 1_000;

  private final AdminSources sources;

  SilenceOrders(AdminSources sources) {
    this.sources = sources;
  }

  AdminResponse add(AdminRequest request) {
    Optional<JsonNode> body = Json.readObject(request.body());
    Map<String, String> match = body.map(object -> texts(object.path("match"))).orElse(Map.of());
    Optional<Duration> length =
        body.flatMap(object -> length(object.path("for").asString("")))
            .filter(time -> time.compareTo(Silences.LONGEST) <= 0);
    String comment = body.map(object -> object.path("comment").asString("")).orElse("");
    if (match.isEmpty() || length.isEmpty() || comment.length() > LONGEST_TEXT) {
      return AdminResponse.error(
          400,
          "match and for are required",
          "send {\"match\": {\"host\": \"www.example.com\"}, \"for\": \"2h\"}; at most 30d");
    }
    Optional<Silence> silence = sources.silences().add(match, length.get(), comment);
    return silence.isPresent()
        ? AdminResponse.json(200, silence.get())
        : AdminResponse.error(409, "there are too many silences", "end some: GET /alerts has them");
  }

  AdminResponse end(AdminRequest request) {
    String id =
        Json.readObject(request.body()).map(body -> body.path("id").asString("")).orElse("");
    return sources.silences().end(id)
        ? AdminResponse.json(200, Map.of("id", id))
        : AdminResponse.error(
            404, "no such silence", "GET /alerts has them; what is configured ends by a reload");
  }

  /** Labels by name; empty where one of them is no text. */
  private static Map<String, String> texts(JsonNode object) {
    Map<String, String> texts = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      if (!entry.getValue().isString()
          || entry.getValue().asString().length() > LONGEST_TEXT
          || texts.size() >= MOST_LABELS) {
        return Map.of();
      }
      texts.put(entry.getKey(), entry.getValue().asString());
    }
    return texts;
  }

  private static Optional<Duration> length(String text) {
    Matcher matcher = LENGTH.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(matcher.group(1));
    return Optional.of(
        switch (matcher.group(2)) {
          case "s" -> Duration.ofSeconds(number);
          case "m" -> Duration.ofMinutes(number);
          case "h" -> Duration.ofHours(number);
          default -> Duration.ofDays(number);
        });
  }
}
