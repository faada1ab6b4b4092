package io.lockgate.exchange;

import io.lockgate.http.Method;
import io.lockgate.http.OctetSink;
import io.lockgate.tls.TlsFacts;
import java.nio.charset.StandardCharsets;

/**
 * What became of one exchange. Valid only during the call it is passed to, on the event loop; copy
 * what must live longer. Texts are empty where they do not apply.
 */
public interface ExchangeSummary {
  String listener();

  /** Name of the configured host, or {@code other}. */
  String host();

  ClientProtocol protocol();

  Method method();

  /** The method as sent. */
  String methodText();

  /** Origin-form target as sent, query included. */
  String target();

  /** Final status; 499 where the client left before it got one. */
  int status();

  /**
   * Whether it became a WebSocket; its octets are counted as content, and it lasted till its end.
   */
  default boolean switched() {
    return false;
  }

  /** Request content, octets. */
  long requestBytes();

  /** Response content, octets. */
  long responseBytes();

  long durationNanos();

  String upstream();

  String server();

  /** From the request handed to a server until the end of its response; 0 without upstream. */
  long upstreamNanos();

  int retries();

  TlsFacts tls();

  /** The client's address as text, without port. */
  String clientAddress();

  String requestId();

  String userAgent();

  String referer();

  /** Shows one of the texts above without making a string of it. */
  default void show(Text text, OctetSink sink) {
    String shown =
        switch (text) {
          case TARGET -> target();
          case REQUEST_ID -> requestId();
          case USER_AGENT -> userAgent();
          case REFERER -> referer();
        };
    sink.octets(shown.getBytes(StandardCharsets.ISO_8859_1), 0, shown.length());
  }

  /** Label of the {@code Failure}, or empty. */
  String error();

  /** Texts that came as octets and differ from request to request. */
  enum Text {
    TARGET,
    REQUEST_ID,
    USER_AGENT,
    REFERER
  }

  /** What the client speaks; names are values of the metric label {@code protocol}. */
  enum ClientProtocol {
    H1("h1", "HTTP/1.1"),
    H2("h2", "HTTP/2.0");

    private final String label;
    private final String version;

    ClientProtocol(String label, String version) {
      this.label = label;
      this.version = version;
    }

    public String label() {
      return label;
    }

    /** As in a combined log line. */
    public String version() {
      return version;
    }
  }
}
