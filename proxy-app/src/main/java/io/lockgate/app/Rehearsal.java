package io.lockgate.app;

import io.lockgate.config.model.CertificateConfig.Source;
import io.lockgate.pki.LocalCa;
import io.lockgate.proxy.Proxy;
import io.lockgate.proxy.ProxySetup;
import io.lockgate.proxy.StartException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Serves itself a few requests in a directory of its own, so that the virtual machine has seen
 * every class that a start needs and can archive them. Opens ports of the system's choice on
 * loopback.
 */
final class Rehearsal {
  private static final int REQUESTS = 20;
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);

  private final Path directory;
  private final Surroundings surroundings;

  Rehearsal(Path directory, Surroundings surroundings) {
    this.directory = directory;
    this.surroundings = surroundings;
  }

  /**
   * @throws IOException if a request was not answered as it should be
   */
  void play() throws IOException, GeneralSecurityException, StartException, InterruptedException {
    try (DemoOrigin origin = DemoOrigin.start(0);
        Proxy proxy = Proxy.start(setup(origin.port()))) {
      SSLContext trust = trust(LocalCa.rootFile(new Source.LocalCa(directory, List.of())));
      String address = proxy.listeners().get(0).address();
      URI target = URI.create("https://localhost" + address.substring(address.lastIndexOf(':')));
      for (HttpClient.Version version : HttpClient.Version.values()) {
        HttpClient client = HttpClient.newBuilder().sslContext(trust).version(version).build();
        for (int i = 0; i < REQUESTS; i++) {
          ask(client, target.resolve("/"));
          ask(client, target.resolve("/ping"));
        }
      }
      proxy.reload("rehearsal");
    }
  }

  private static void ask(HttpClient client, URI uri) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(ANSWER_TIMEOUT).build();
    int status = client.send(request, BodyHandlers.ofString()).statusCode();
    if (status != 200) {
      throw new IOException(uri + " was answered with " + status);
    }
  }

  private ProxySetup setup(int originPort) throws IOException {
    Path config = directory.resolve("lockgate.conf");
    Files.writeString(
        config,
        """
        lockgate {
          listeners { https { address = "127.0.0.1:0" } }
          admin { address = "127.0.0.1:0" }
          access-log { path = "access.log" }
          certificates { local { local-ca = ".", names = [localhost] } }
          upstreams { origin { servers = ["127.0.0.1:%d"] } }
          hosts {
            localhost {
              routes = [
                { exact = "/ping", respond { status = 200, body = "pong" } }
                { path = "/", upstream = origin }
              ]
            }
          }
        }
        """
            .formatted(originPort));
    return new ProxySetup(
        config, surroundings.environment(), surroundings.clock(), surroundings.version());
  }

  private static SSLContext trust(Path root) throws IOException, GeneralSecurityException {
    KeyStore roots = KeyStore.getInstance(KeyStore.getDefaultType());
    roots.load(null, null);
    try (InputStream pem = Files.newInputStream(root)) {
      roots.setCertificateEntry(
          "root", CertificateFactory.getInstance("X.509").generateCertificate(pem));
    }
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(roots);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }
}
