package io.lockgate.trace;

import io.lockgate.exchange.ExchangeSummary;
import io.lockgate.exchange.ExchangeSummary.ClientProtocol;
import io.lockgate.http.Method;
import io.lockgate.tls.TlsFacts;

/**
 * What a span says of its request, by OpenTelemetry's names. Taken on the event loop, which has
 * more to do than to put them into words; that is left to whoever sends the span.
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
    implements Attributes {
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

  @Override
  public void tell(Sink sink) {
    int query = target.indexOf('?');
    text(sink, "http.request.method", known ? method : "_OTHER");
    text(sink, "http.request.method_original", known ? "" : method);
    text(sink, "url.path", query < 0 ? target : target.substring(0, query));
    text(sink, "url.scheme", tls.present() ? "https" : "http");
    text(sink, "server.address", host);
    text(sink, "client.address", client);
    text(sink, "user_agent.original", userAgent);
    text(sink, "network.protocol.name", "http");
    text(sink, "network.protocol.version", protocol == ClientProtocol.H2 ? "2" : "1.1");
    sink.number("http.response.status_code", status);
    sink.number("http.request.body.size", requestBytes);
    sink.number("http.response.body.size", responseBytes);
    text(sink, "error.type", error);
    tellTls(sink);
    text(sink, "lockgate.listener", listener);
    text(sink, "lockgate.request_id", requestId);
    text(sink, "lockgate.upstream", upstream);
    text(sink, "lockgate.server", server);
    if (!upstream.isEmpty()) {
      sink.number("lockgate.upstream_duration_us", upstreamNanos / 1_000);
      sink.number("lockgate.retries", retries);
    }
  }

  private void tellTls(Sink sink) {
    if (tls.present()) {
      text(sink, "tls.protocol.name", "tls");
      text(sink, "tls.protocol.version", tls.version().replace("TLSv", ""));
      text(sink, "tls.cipher", tls.cipher());
      text(sink, "tls.curve", tls.group());
      sink.flag("tls.resumed", tls.resumption() != TlsFacts.Resumption.FULL);
      text(sink, "tls.client.server_name", tls.sni());
      text(sink, "tls.client.subject", tls.clientSubject());
    }
  }

  private static void text(Sink sink, String name, String value) {
    if (!value.isEmpty()) {
      sink.text(name, cut(value));
    }
  }

  private static String cut(String text) {
    return text.length() > MOST_TEXT ? text.substring(0, MOST_TEXT) : text;
  }
}
