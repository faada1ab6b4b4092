package io.lockgate.trace;

import io.lockgate.exchange.ExchangeSummary;
import io.lockgate.exchange.ExchangeSummary.ClientProtocol;
import io.lockgate.http.Method;
import io.lockgate.tls.TlsFacts;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What a span says of its request. Taken on the event loop, which has more to do than to make a map
 * of it; that is left to whoever sends the span.
 */
record RequestFacts(
    boolean known,
    String method,
    String target,
    String host,
    String client,
    String userAgent,
    ClientProtocol protocol,
    int status,
    long requestBytes,
    long responseBytes,
    String error,
    TlsFacts tls,
    String listener,
    String requestId,
    String upstream,
    String server,
    long upstreamNanos,
    int retries)
    implements Supplier<Map<String, Object>> {
  private static final int MOST_TEXT = 1_024;

  static RequestFacts of(ExchangeSummary summary) {
    return new RequestFacts(
        summary.method() != Method.OTHER,
        cut(summary.methodText()),
        cut(summary.target()),
        summary.host(),
        summary.clientAddress(),
        cut(summary.userAgent()),
        summary.protocol(),
        summary.status(),
        summary.requestBytes(),
        summary.responseBytes(),
        summary.error(),
        summary.tls(),
        summary.listener(),
        cut(summary.requestId()),
        summary.upstream(),
        summary.server(),
        summary.upstreamNanos(),
        summary.retries());
  }

  /** Attributes by OpenTelemetry's names. */
  @Override
  public Map<String, Object> get() {
    Map<String, Object> all = new LinkedHashMap<>();
    int query = target.indexOf('?');
    text(all, "http.request.method", known ? method : "_OTHER");
    text(all, "http.request.method_original", known ? "" : method);
    text(all, "url.path", query < 0 ? target : target.substring(0, query));
    text(all, "url.scheme", tls.present() ? "https" : "http");
    text(all, "server.address", host);
    text(all, "client.address", client);
    text(all, "user_agent.original", userAgent);
    text(all, "network.protocol.name", "http");
    text(all, "network.protocol.version", protocol == ClientProtocol.H2 ? "2" : "1.1");
    all.put("http.response.status_code", (long) status);
    all.put("http.request.body.size", requestBytes);
    all.put("http.response.body.size", responseBytes);
    text(all, "error.type", error);
    tls(all);
    text(all, "lockgate.listener", listener);
    text(all, "lockgate.request_id", requestId);
    text(all, "lockgate.upstream", upstream);
    text(all, "lockgate.server", server);
    if (!upstream.isEmpty()) {
      all.put("lockgate.upstream_duration_us", upstreamNanos / 1_000);
      all.put("lockgate.retries", (long) retries);
    }
    return all;
  }

  private void tls(Map<String, Object> all) {
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
