package io.lockgate.listen;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** The JDK as a client, and a socket for raw bytes. One client keeps its sessions. */
final class TlsClient {
  private final SSLContext context;

  TlsClient(X509Certificate root) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("root", root);
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
    context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
  }

  /** A connected socket before its handshake. */
  SSLSocket connect(InetSocketAddress server, String name, String... protocols) throws IOException {
    Socket plain = new Socket(server.getAddress(), server.getPort());
    plain.setSoTimeout(10_000);
    return over(plain, server, name, protocols);
  }

  /** The same over a socket that is the caller's to close. */
  SSLSocket over(Socket plain, InetSocketAddress server, String name, String... protocols)
      throws IOException {
    String peer = name.isEmpty() ? server.getAddress().getHostAddress() : name;
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(plain, peer, server.getPort(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setServerNames(name.isEmpty() ? List.of() : List.of(new SNIHostName(name)));
    if (protocols.length > 0) {
      parameters.setProtocols(protocols);
    }
    socket.setSSLParameters(parameters);
    return socket;
  }

  /** Sends a line and awaits it back, so that tickets that follow the handshake are taken in. */
  static void exchange(SSLSocket socket) throws IOException {
    byte[] line = "hello\n".getBytes(StandardCharsets.US_ASCII);
    socket.getOutputStream().write(line);
    byte[] back = socket.getInputStream().readNBytes(line.length);
    if (!java.util.Arrays.equals(line, back)) {
      throw new AssertionError("the echo differs");
    }
  }

  /** Connects, exchanges, closes in an orderly way. */
  void visit(InetSocketAddress server, String name, String... protocols) throws IOException {
    try (SSLSocket socket = connect(server, name, protocols)) {
      exchange(socket);
    }
  }

  /** The same as {@link #raw}, but reads no more than so many bytes. */
  static byte[] rawPrefix(InetSocketAddress server, int length, byte[]... writes)
      throws IOException {
    try (Socket socket = new Socket(server.getAddress(), server.getPort())) {
      socket.setSoTimeout(10_000);
      socket.setTcpNoDelay(true);
      for (byte[] bytes : writes) {
        socket.getOutputStream().write(bytes);
      }
      return socket.getInputStream().readNBytes(length);
    }
  }

  /** Sends bytes as they are, each array in a write of its own, and reads to the end. */
  static byte[] raw(InetSocketAddress server, byte[]... writes) throws IOException {
    try (Socket socket = new Socket(server.getAddress(), server.getPort())) {
      socket.setSoTimeout(10_000);
      socket.setTcpNoDelay(true);
      for (byte[] bytes : writes) {
        socket.getOutputStream().write(bytes);
      }
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      socket.getInputStream().transferTo(answer);
      return answer.toByteArray();
    }
  }
}
