package io.lockgate.app;

import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Keeps what a server shows and lets it pass: whoever uses this verifies it later. Of one thread.
 */
final class ShownChain extends X509ExtendedTrustManager {
  private List<X509Certificate> chain = List.of();
  private boolean asked;

  List<X509Certificate> chain() {
    return chain;
  }

  /** Whether a server has shown a certificate since; one that resumes a session shows none. */
  boolean wasAsked() {
    return asked;
  }

  void forget() {
    asked = false;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] shown, String kind) {
    chain = List.of(shown);
    asked = true;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] shown, String kind, Socket socket) {
    checkServerTrusted(shown, kind);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] shown, String kind, SSLEngine engine) {
    checkServerTrusted(shown, kind);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] shown, String kind) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] shown, String kind, Socket socket) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] shown, String kind, SSLEngine engine) {
    throw new UnsupportedOperationException();
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
