package io.lockgate.metrics;

import io.lockgate.exchange.ExchangeSummary;
import io.lockgate.http.Method;
import io.lockgate.tls.TlsFacts;

/** An exchange of which only what metrics look at can be chosen. */
record TestSummary(
    String host,
    ClientProtocol protocol,
    Method method,
    int status,
    long requestBytes,
    long responseBytes,
    long durationNanos)
    implements ExchangeSummary {

  static TestSummary of(String host, Method method, int status) {
    return new TestSummary(host, ClientProtocol.H1, method, status, 10, 20, 1_000_000);
  }

  TestSummary taking(long nanos) {
    return new TestSummary(host, protocol, method, status, requestBytes, responseBytes, nanos);
  }

  @Override
  public String listener() {
    return "https";
  }

  @Override
  public String methodText() {
    return method.name();
  }

  @Override
  public String target() {
    return "/";
  }

  @Override
  public String upstream() {
    return "app";
  }

  @Override
  public String server() {
    return "127.0.0.1:1";
  }

  @Override
  public long upstreamNanos() {
    return 0;
  }

  @Override
  public int retries() {
    return 0;
  }

  @Override
  public TlsFacts tls() {
    return TlsFacts.NONE;
  }

  @Override
  public String clientAddress() {
    return "192.0.2.1";
  }

  @Override
  public String requestId() {
    return "id";
  }

  @Override
  public String userAgent() {
    return "";
  }

  @Override
  public String referer() {
    return "";
  }

  @Override
  public String error() {
    return "";
  }
}
