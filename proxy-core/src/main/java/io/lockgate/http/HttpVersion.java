package io.lockgate.http;

/** The protocol version of a message (RFC 9110 section 2.5). */
public enum HttpVersion {
  HTTP_1_0("1.0"),
  HTTP_1_1("1.1"),
  HTTP_2("2");

  private final String received;

  HttpVersion(String received) {
    this.received = received;
  }

  /** As it stands in {@code Via} (RFC 9110 section 7.6.3). */
  public String received() {
    return received;
  }
}
