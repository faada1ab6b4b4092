package io.lockgate.bench;

import io.lockgate.exchange.ExchangeSummary;
import io.lockgate.http.Method;
import io.lockgate.http.OctetSink;
import io.lockgate.tls.TlsFacts;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** An exchange as a browser's are. */
final class LoggedExchange implements ExchangeSummary {
  private static final TlsFacts TLS =
      new TlsFacts(
          "www.example.test",
          "TLSv1.3",
          "TLS_AES_128_GCM_SHA256",
          "X25519MLKEM768",
          "h2",
          "www.example.test",
          TlsFacts.Resumption.TICKET,
          "");

  private final Map<Text, byte[]> texts = new EnumMap<>(Text.class);

  LoggedExchange() {
    for (Text text : Text.values()) {
      ExchangeSummary.super.show(
          text, (source, start, end) -> texts.put(text, Arrays.copyOfRange(source, start, end)));
    }
  }

  @Override
  public String listener() {
    return "https";
  }

  @Override
  public String host() {
    return "www.example.test";
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
    return "/api/v1/items?page=2&order=price";
  }

  @Override
  public int status() {
    return 200;
  }

  @Override
  public long requestBytes() {
    return 0;
  }

  @Override
  public long responseBytes() {
    return 18_274;
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
    return 0;
  }

  @Override
  public TlsFacts tls() {
    return TLS;
  }

  @Override
  public String clientAddress() {
    return "192.0.2.7";
  }

  @Override
  public String requestId() {
    return "0af7651916cd43dd8448eb211c80319c";
  }

  @Override
  public String userAgent() {
    return "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
  }

  @Override
  public String referer() {
    return "https://www.example.test/items";
  }

  @Override
  public void show(Text text, OctetSink sink) {
    byte[] octets = texts.get(text);
    sink.octets(octets, 0, octets.length);
  }

  @Override
  public String error() {
    return "";
  }
}
