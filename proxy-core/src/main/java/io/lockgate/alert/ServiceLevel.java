package io.lockgate.alert;

/** What is promised to the clients of a host. */
public enum ServiceLevel {
  /** Of the handshakes begun in earnest, the share that succeeds. */
  HANDSHAKES("handshakes", "LockgateHandshakesFail"),
  /** Of the requests, the share that is not answered with a server's error. */
  REQUESTS("requests", "LockgateRequestsFail");

  private final String label;
  private final String alertName;

  ServiceLevel(String label, String alertName) {
    this.label = label;
    this.alertName = alertName;
  }

  public String label() {
    return label;
  }

  /** Begins the names of alerts on it. */
  String alertName() {
    return alertName;
  }
}
