package io.lockgate.trace;

import io.lockgate.config.model.TracingConfig;
import io.lockgate.exchange.ExchangeSummary;
import io.lockgate.exchange.Trace;
import io.lockgate.http.Method;
import io.lockgate.tls.TlsFacts;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One request, as it is recorded.
 *
 * @param name the method, as HTTP's conventions have it where there is no template of a path
 * @param startNanos since the epoch
 * @param failed whether the server's side failed: statuses from 500, or a broken exchange
 * @param attributes texts, whole numbers or switches by OpenTelemetry's names; never a query, which
 *     may hold secrets
 */
record Span(
    URI endpoint,
    String service,
    Trace trace,
    String name,
    long startNanos,
    long endNanos,
    boolean failed,
    Map<String, Object> attributes) {
  private static final int MOST_TEXT = 1_024;
  private static final int CLIENT_ERROR = 400;
  private static final int SERVER_ERROR = 500;

  static Span of(Trace trace, ExchangeSummary summary, long endMillis, TracingConfig config) {
    long end = endMillis * 1_000_000;
    return new Span(
        config.endpoint().orElseThrow(),
        config.serviceName(),
        trace,
        isKnown(summary) ? summary.methodText() : "HTTP",
        end - Math.max(0, summary.durationNanos()),
        end,
        failed(summary),
        attributes(summary));
  }

  /** What a client invents must not become a name: stores keep a list of those. */
  private static boolean isKnown(ExchangeSummary summary) {
    return summary.method() != Method.OTHER;
  }

  /** What the client did wrong, or gave up, is no failure of the server's side. */
  private static boolean failed(ExchangeSummary summary) {
    boolean brokenOff = !summary.error().isEmpty() && summary.status() < CLIENT_ERROR;
    return summary.status() >= SERVER_ERROR || brokenOff;
  }

  private static Map<String, Object> attributes(ExchangeSummary summary) {
    Map<String, Object> all = new LinkedHashMap<>();
    String target = summary.target();
    int query = target.indexOf('?');
    text(all, "http.request.method", isKnown(summary) ? summary.methodText() : "_OTHER");
    text(all, "http.request.method_original", isKnown(summary) ? "" : summary.methodText());
    text(all, "url.path", query < 0 ? target : target.substring(0, query));
    text(all, "url.scheme", summary.tls().present() ? "https" : "http");
    text(all, "server.address", summary.host());
    text(all, "client.address", summary.clientAddress());
    text(all, "user_agent.original", summary.userAgent());
    text(all, "network.protocol.name", "http");
    String version = summary.protocol() == ExchangeSummary.ClientProtocol.H2 ? "2" : "1.1";
    text(all, "network.protocol.version", version);
    all.put("http.response.status_code", (long) summary.status());
    all.put("http.request.body.size", summary.requestBytes());
    all.put("http.response.body.size", summary.responseBytes());
    text(all, "error.type", summary.error());
    tls(all, summary.tls());
    text(all, "lockgate.listener", summary.listener());
    text(all, "lockgate.request_id", summary.requestId());
    text(all, "lockgate.upstream", summary.upstream());
    text(all, "lockgate.server", summary.server());
    if (!summary.upstream().isEmpty()) {
      all.put("lockgate.upstream_duration_us", summary.upstreamNanos() / 1_000);
      all.put("lockgate.retries", (long) summary.retries());
    }
    return all;
  }

  private static void tls(Map<String, Object> all, TlsFacts tls) {
    if (tls.present()) {
      text(all, "tls.protocol.name", "tls");
      text(all, "tls.protocol.version", tls.version().replace("TLSv", ""));
      text(all, "tls.cipher", tls.cipher());
      text(all, "tls.curve", tls.group());
      all.put("tls.resumed", tls.resumption() != TlsFacts.Resumption.FULL);
      text(all, "tls.client.server_name", tls.sni());
      text(all, "tls.client.subject", tls.clientSubject());
    }
  }

  private static void text(Map<String, Object> all, String name, String value) {
    if (!value.isEmpty()) {
      all.put(name, cut(value));
    }
  }

  private static String cut(String text) {
    return text.length() > MOST_TEXT ? text.substring(0, MOST_TEXT) : text;
  }
}
