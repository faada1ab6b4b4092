package io.lockgate.testkit;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * The server's side of TLS, by the JDK's implementation: as foreign to what is tested as can be had
 * without a process. Sessions are resumed among the connections of one such side.
 */
public final class TlsSide {
  private static final char[] PASSWORD = "x".toCharArray();

  private final SSLContext context;
  private final Optional<X509Certificate> clientAuthority;
  private final List<String> versions;
  private final List<String> alpn;

  private TlsSide(
      SSLContext context,
      Optional<X509Certificate> clientAuthority,
      List<String> versions,
      List<String> alpn) {
    this.context = context;
    this.clientAuthority = clientAuthority;
    this.versions = versions;
    this.alpn = alpn;
  }

  /** Shows an identity to everybody. */
  public static TlsSide of(TestIdentity identity) {
    return new TlsSide(context(identity, Optional.empty()), Optional.empty(), List.of(), List.of());
  }

  /** Wants a certificate from clients, issued by {@code authority}. */
  public static TlsSide askingClients(TestIdentity identity, X509Certificate authority) {
    return new TlsSide(
        context(identity, Optional.of(authority)), Optional.of(authority), List.of(), List.of());
  }

  /** The same with these versions only, such as {@code TLSv1.2}. */
  public TlsSide versions(String... names) {
    return new TlsSide(context, clientAuthority, List.of(names), alpn);
  }

  /** The same, speaking these protocols by ALPN. */
  public TlsSide alpn(String... names) {
    return new TlsSide(context, clientAuthority, versions, List.of(names));
  }

  /** Completes the handshake on a connection that may have carried other things before. */
  public SSLSocket accept(Socket connection) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(connection, "127.0.0.1", connection.getPort(), true);
    socket.setUseClientMode(false);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setNeedClientAuth(clientAuthority.isPresent());
    if (!versions.isEmpty()) {
      parameters.setProtocols(versions.toArray(String[]::new));
    }
    parameters.setApplicationProtocols(alpn.toArray(String[]::new));
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  private static SSLContext context(TestIdentity identity, Optional<X509Certificate> authority) {
    try {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(null, null);
      keys.setKeyEntry("1", identity.key(), PASSWORD, identity.chain().toArray(Certificate[]::new));
      KeyManagerFactory keyManagers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keyManagers.init(keys, PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keyManagers.getKeyManagers(), trusting(authority), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError(e);
    }
  }

  private static TrustManager[] trusting(Optional<X509Certificate> authority)
      throws GeneralSecurityException, IOException {
    KeyStore roots = KeyStore.getInstance("PKCS12");
    roots.load(null, null);
    if (authority.isPresent()) {
      roots.setCertificateEntry("root", authority.get());
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(roots);
    return factory.getTrustManagers();
  }
}
