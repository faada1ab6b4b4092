package io.lockgate.trace;

import io.lockgate.config.model.TracingConfig;
import io.lockgate.exchange.ExchangeSummary;
import io.lockgate.exchange.Trace;
import io.lockgate.http.Method;
import java.net.URI;

/**
 * One request, as it is recorded.
 *
 * @param name the method, as HTTP's conventions have it where there is no template of a path; not
 *     what a client invents, as stores keep a list of those
 * @param startNanos since the epoch
 * @param failed whether the server's side failed: statuses from 500, or a broken exchange
 * @param attributes never a query, which may hold secrets; asked for by the thread that sends them
 */
record Span(
    URI endpoint,
    String service,
    Trace trace,
    String name,
    long startNanos,
    long endNanos,
    boolean failed,
    Attributes attributes) {
  private static final int CLIENT_ERROR = 400;
  private static final int SERVER_ERROR = 500;

  static Span of(Trace trace, ExchangeSummary summary, long endMillis, TracingConfig config) {
    long end = endMillis * 1_000_000;
    return new Span(
        config.endpoint().orElseThrow(),
        config.serviceName(),
        trace,
        summary.method() != Method.OTHER ? summary.methodText() : "HTTP",
        end - Math.max(0, summary.durationNanos()),
        end,
        failed(summary),
        RequestFacts.of(summary));
  }

  /** What the client did wrong, or gave up, is no failure of the server's side. */
  private static boolean failed(ExchangeSummary summary) {
    boolean brokenOff = !summary.error().isEmpty() && summary.status() < CLIENT_ERROR;
    return summary.status() >= SERVER_ERROR || brokenOff;
  }
}
