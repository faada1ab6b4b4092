package io.lockgate.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * Opens TLS connections with the JDK's engine, so that the proxy's BoringSSL is never tested
 * against itself. Immutable: each {@code with} method answers a changed copy.
 */
public final class TlsClient {
  private static final int DNS_NAME = 2;

  private final TrustManager[] trust;
  private final Optional<String> serverName;
  private final List<String> versions;
  private final List<String> applicationProtocols;
  private final Optional<TestIdentity> identity;

  private TlsClient(
      TrustManager[] trust,
      Optional<String> serverName,
      List<String> versions,
      List<String> applicationProtocols,
      Optional<TestIdentity> identity) {
    this.trust = trust;
    this.serverName = serverName;
    this.versions = versions;
    this.applicationProtocols = applicationProtocols;
    this.identity = identity;
  }

  /** Trusts only {@code root}. */
  public static TlsClient trusting(X509Certificate root) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry("root", root);
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(store);
      return new TlsClient(
          trust.getTrustManagers(),
          Optional.empty(),
          List.of("TLSv1.2", "TLSv1.3"),
          List.of("http/1.1"),
          Optional.empty());
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError("cannot make a client context", e);
    }
  }

  /** Sends {@code name} as SNI and holds the certificate against it. */
  public TlsClient withServerName(String name) {
    return new TlsClient(trust, Optional.of(name), versions, applicationProtocols, identity);
  }

  public TlsClient withVersion(String version) {
    return new TlsClient(trust, serverName, List.of(version), applicationProtocols, identity);
  }

  public TlsClient withApplicationProtocols(String... names) {
    return new TlsClient(trust, serverName, versions, List.of(names), identity);
  }

  /** Shows this certificate to a server that asks for one. */
  public TlsClient presenting(TestIdentity own) {
    return new TlsClient(trust, serverName, versions, applicationProtocols, Optional.of(own));
  }

  /** Connects to a loopback port and completes the handshake. */
  public RawClient connect(int port) throws IOException {
    Socket plain = new Socket();
    plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 20_000);
    plain.setSoTimeout(20_000);
    // Without a host argument, so that only what the test asked for is sent as SNI.
    SSLSocket socket =
        (SSLSocket) freshContext().getSocketFactory().createSocket(plain, null, port, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setProtocols(versions.toArray(String[]::new));
    parameters.setApplicationProtocols(applicationProtocols.toArray(String[]::new));
    serverName.ifPresent(name -> parameters.setServerNames(List.of(new SNIHostName(name))));
    socket.setSSLParameters(parameters);
    try {
      socket.startHandshake();
      verifyName(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
    return RawClient.over(socket);
  }

  /**
   * One for each connection: a context remembers sessions, and the JDK resumes them with the server
   * name and the certificate of the earlier connection, which would hide what the proxy does now.
   */
  private SSLContext freshContext() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(identity.isPresent() ? keys(identity.get()) : null, trust, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError("cannot make a client context", e);
    }
  }

  private static KeyManager[] keys(TestIdentity own) throws GeneralSecurityException, IOException {
    char[] password = "password".toCharArray();
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("own", own.key(), password, own.chain().toArray(X509Certificate[]::new));
    KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
    keys.init(store, password);
    return keys.getKeyManagers();
  }

  /** Compares with the DNS names of the certificate (RFC 9525 section 6.3). */
  private void verifyName(SSLSocket socket) throws IOException {
    if (serverName.isEmpty()) {
      return;
    }
    X509Certificate leaf = (X509Certificate) socket.getSession().getPeerCertificates()[0];
    String host = serverName.get();
    String wildcard = "*." + host.substring(host.indexOf('.') + 1);
    List<String> names = dnsNames(leaf);
    if (names.stream().noneMatch(n -> n.equalsIgnoreCase(host) || n.equalsIgnoreCase(wildcard))) {
      throw new IOException("certificate with the names " + names + " does not cover " + host);
    }
  }

  private static List<String> dnsNames(X509Certificate leaf) throws IOException {
    try {
      return Optional.ofNullable(leaf.getSubjectAlternativeNames()).stream()
          .flatMap(Collection::stream)
          .filter(name -> name.get(0).equals(DNS_NAME))
          .map(name -> (String) name.get(1))
          .toList();
    } catch (CertificateParsingException e) {
      throw new IOException("the certificate cannot be read", e);
    }
  }
}
