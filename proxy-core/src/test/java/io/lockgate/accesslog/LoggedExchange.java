package io.lockgate.accesslog;

import io.lockgate.exchange.ExchangeSummary;
import io.lockgate.http.Method;
import io.lockgate.tls.TlsFacts;
import java.lang.reflect.Proxy;

/** An exchange with a distinct value in every field. */
record LoggedExchange(
    String target, String userAgent, String referer, int status, String error, TlsFacts tls)
    implements ExchangeSummary {

  static final TlsFacts TLS =
      new TlsFacts(
          "www.example",
          "TLSv1.3",
          "TLS_AES_128_GCM_SHA256",
          "X25519",
          "h2",
          "www.example",
          TlsFacts.Resumption.TICKET,
          "CN=billing");

  static LoggedExchange ordinary() {
    return new LoggedExchange("/a?b=c", "curl/8", "https://r.example/", 200, "", TLS);
  }

  /** An ordinary one in which one of the values is another. */
  static ExchangeSummary with(String name, Object value) {
    return (ExchangeSummary)
        Proxy.newProxyInstance(
            ExchangeSummary.class.getClassLoader(),
            new Class<?>[] {ExchangeSummary.class},
            (self, method, arguments) ->
                method.getName().equals(name) ? value : method.invoke(ordinary(), arguments));
  }

  LoggedExchange withTarget(String other) {
    return new LoggedExchange(other, userAgent, referer, status, error, tls);
  }

  LoggedExchange withUserAgent(String other) {
    return new LoggedExchange(target, other, referer, status, error, tls);
  }

  LoggedExchange withReferer(String other) {
    return new LoggedExchange(target, userAgent, other, status, error, tls);
  }

  LoggedExchange withStatus(int other) {
    return new LoggedExchange(target, userAgent, referer, other, error, tls);
  }

  LoggedExchange withError(String other) {
    return new LoggedExchange(target, userAgent, referer, status, other, tls);
  }

  @Override
  public String listener() {
    return "https";
  }

  @Override
  public String host() {
    return "www.example";
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
  public long requestBytes() {
    return 12;
  }

  @Override
  public long responseBytes() {
    return 3_456;
  }

  @Override
  public long durationNanos() {
    return 7_089_999;
  }

  @Override
  public String upstream() {
    return "app";
  }

  @Override
  public String server() {
    return "127.0.0.1:9001";
  }

  @Override
  public long upstreamNanos() {
    return 5_004_000;
  }

  @Override
  public int retries() {
    return 1;
  }

  @Override
  public String clientAddress() {
    return "192.0.2.7";
  }

  @Override
  public String requestId() {
    return "0af7651916cd43dd";
  }
}
