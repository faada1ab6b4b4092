package io.lockgate.app;

import io.lockgate.testkit.Command;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.RawClient;
import io.lockgate.testkit.TestCa;
import io.lockgate.testkit.TlsClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What most integration tests stand on: a directory with a certificate that covers {@code
 * www.example.com}, {@code api.example.com} and {@code *.apps.example.com}, and clients that trust
 * its root and nothing else.
 */
final class Site {
  static final String WWW = "www.example.com";
  static final String API = "api.example.com";

  /** One TLS listener, one in clear, the certificate, and no access log. */
  static final String LISTENERS =
      """
      lockgate {
        listeners {
          https { address = "127.0.0.1:{{https}}" }
          http { address = "127.0.0.1:{{http}}", tls = off }
        }
        certificates { www { chain = "www.pem", key = "www.key" } }
        access-log { format = off }
      }
      """;

  private final Path directory;
  private final TestCa ca = TestCa.root();
  private final TlsClient client = TlsClient.trusting(ca.certificate());

  private Site(Path directory) {
    this.directory = directory;
  }

  static Site in(Path directory) {
    Site site = new Site(directory);
    site.ca.writeRoot(site.root());
    site.renewCertificate();
    return site;
  }

  /** Writes another certificate of the same names in the place of the present one. */
  void renewCertificate() {
    ca.issue(WWW, API, "*.apps.example.com").writeTo(directory, "www");
  }

  /** The configuration of {@link #LISTENERS} with one upstream that serves everything. */
  static String forwardingTo(String... servers) {
    return LISTENERS
        + """
        lockgate {
          upstreams { app { servers = ["%s"] } }
          hosts { "www.example.com" { routes = [ { path = "/", upstream = app } ] } }
        }
        """
            .formatted(String.join("\", \"", servers));
  }

  Path directory() {
    return directory;
  }

  Path root() {
    return directory.resolve("root.pem");
  }

  TestCa ca() {
    return ca;
  }

  LockgateProcess start(String config) throws IOException {
    return LockgateProcess.in(directory).config(config).start();
  }

  TlsClient client(String serverName) {
    return client.withServerName(serverName);
  }

  TlsClient client() {
    return client;
  }

  /** Opens a TLS connection for HTTP/1.1 to the listener {@code https}. */
  RawClient connect(LockgateProcess proxy) throws IOException {
    return client(WWW).connect(proxy.port("https"));
  }

  /** {@code curl} that trusts the root and finds every name on loopback, silent but for errors. */
  Command curl(LockgateProcess proxy, String... arguments) {
    List<String> line = new ArrayList<>(List.of("-sS", "--cacert", root().toString()));
    line.add("--connect-to");
    line.add("::127.0.0.1:" + proxy.port("https"));
    line.addAll(List.of(arguments));
    return Command.of("curl", line.toArray(String[]::new));
  }

  /** {@code openssl s_client} that trusts the root and ends when its input does. */
  Command sClient(LockgateProcess proxy, String... arguments) {
    List<String> line =
        new ArrayList<>(
            List.of("s_client", "-connect", "127.0.0.1:" + proxy.port("https"), "-showcerts"));
    line.addAll(List.of("-CAfile", root().toString(), "-verify_return_error"));
    line.addAll(List.of(arguments));
    return Command.of("openssl", line.toArray(String[]::new));
  }

  /** A head as it goes over the wire: every line of {@code text} ends in CRLF. */
  static String wire(String text) {
    return text.replace("\n", "\r\n");
  }

  static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: " + WWW + "\r\n\r\n";
  }
}
