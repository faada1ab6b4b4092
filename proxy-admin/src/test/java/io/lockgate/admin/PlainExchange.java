package io.lockgate.admin;

import io.lockgate.exchange.ExchangeSummary;
import io.lockgate.http.Method;
import io.lockgate.tls.TlsFacts;

/** An exchange of which only host, status and duration matter. */
record PlainExchange(String host, int status, long durationNanos) implements ExchangeSummary {
  @Override
  public String listener() {
    return "https";
  }

  @Override
  public ClientProtocol protocol() {
    return ClientProtocol.H2;
  }

  @Override
  public Method method() {
    return Method.GET;
  }

  @Override
  public String methodText() {
    return "GET";
  }

  @Override
  public String target() {
    return "/";
  }

  @Override
  public long requestBytes() {
    return 0;
  }

  @Override
  public long responseBytes() {
    return 1_000;
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
    return "";
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
