package io.lockgate.app;

import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The daemon's report on clients, for people. */
final class DaemonClients {
  private DaemonClients() {}

  static String text(String answer) {
    StringBuilder text = new StringBuilder();
    JsonMapper.shared().readTree(answer).path("hosts").forEach(host -> append(text, host));
    return text.isEmpty() ? "no client has come within 24 hours\n" : text.toString();
  }

  private static void append(StringBuilder text, JsonNode host) {
    long handshakes = host.path("handshakes").asLong(0);
    text.append(host.path("host").asString(""))
        .append(": ")
        .append(handshakes)
        .append(" handshakes in 24 hours, ")
        .append(percent(host.path("post_quantum_share").asDouble(0)))
        .append(" post-quantum\n");
    shares(text, "versions", host.path("versions"), handshakes);
    shares(text, "protocols", host.path("alpn"), handshakes);
    shares(text, "groups", host.path("groups"), handshakes);
    shares(text, "ciphers", host.path("ciphers"), handshakes);
    JsonNode tls12 = host.path("tls12");
    text.append("  without TLS 1.2 ")
        .append(percent(tls12.path("share").asDouble(0)))
        .append(" would be lost\n");
    tls12
        .path("user_agents")
        .forEach(
            program ->
                text.append("    about ")
                    .append(program.path("requests").asLong(0))
                    .append(" requests of ")
                    .append(program.path("user_agent").asString("").replaceAll("[^ -~]", "?"))
                    .append('\n'));
  }

  private static void shares(StringBuilder text, String what, JsonNode counts, long whole) {
    text.append("  ").append(what).append(':');
    for (Map.Entry<String, JsonNode> entry : counts.properties()) {
      text.append(' ')
          .append(entry.getKey())
          .append(' ')
          .append(percent(whole == 0 ? 0 : entry.getValue().asDouble(0) / whole));
    }
    text.append('\n');
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }
}
