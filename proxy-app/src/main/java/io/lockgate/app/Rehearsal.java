package io.lockgate.app;

import io.lockgate.config.hocon.ConfigReader;
import io.lockgate.config.hocon.ConfigResult;
import io.lockgate.config.model.CertificateConfig.Source;
import io.lockgate.pki.IdentityCatalog;
import io.lockgate.pki.IdentityLoader;
import io.lockgate.pki.LocalCa;
import java.io.BufferedReader;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Starts the distribution's own launcher in a directory of its own and asks it a few things, with
 * the virtual machine told to archive what it loads meanwhile. The certificates are made before and
 * the requests come from here, so that neither gets into the archives. Opens ports of the system's
 * choice on loopback only.
 */
final class Rehearsal {
  private static final int REQUESTS = 20;
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);
  private static final Pattern READY =
      Pattern.compile(" ready in .*: https [^ ]*:(\\d+), .*, admin ([^ ]+)$");

  private final Path directory;
  private final Surroundings surroundings;

  Rehearsal(Path directory, Surroundings surroundings) {
    this.directory = directory;
    this.surroundings = surroundings;
  }

  /**
   * Leaves the archives in the directory.
   *
   * @throws IOException if something did not go as it should
   */
  void play() throws IOException, GeneralSecurityException, InterruptedException {
    try (DemoOrigin origin = DemoOrigin.start(0)) {
      Path config = configuration(origin.port());
      makeCertificates(config);
      play(config);
      // Nearly all that any command loads: the command line, the configuration, the certificates.
      Process check = launch("check", "-c", config.toString());
      check.getErrorStream().readAllBytes();
      end(check);
    }
  }

  private void play(Path config)
      throws IOException, GeneralSecurityException, InterruptedException {
    Process daemon = launch("run", "-c", config.toString());
    try (BufferedReader lines = daemon.errorReader()) {
      Matcher ready = readyLine(lines);
      askAsClient(URI.create("https://localhost:" + ready.group(1)));
      askAsOperator(URI.create("http://" + ready.group(2)));
      daemon.toHandle().destroy(); // TERM: it drains, ends, and then archives
      while (lines.readLine() != null) {
        // What it says of its end is of no interest.
      }
    } finally {
      daemon.destroy();
    }
    end(daemon);
  }

  private static Matcher readyLine(BufferedReader lines) throws IOException {
    StringBuilder said = new StringBuilder();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      Matcher ready = READY.matcher(line);
      if (ready.find()) {
        return ready;
      }
      said.append('\n').append(line);
    }
    throw new IOException("the daemon did not start:" + said);
  }

  private Process launch(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(surroundings.home().resolve("bin").resolve("lockgate").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("LOCKGATE_JAVA", System.getProperty("java.home"));
    builder.environment().put("LOCKGATE_REHEARSAL", directory.toString());
    return builder.start();
  }

  private static void end(Process process) throws IOException, InterruptedException {
    if (!process.waitFor(ANSWER_TIMEOUT.toSeconds() * 10, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("a rehearsal did not come to its end");
    }
    if (process.exitValue() != ExitCode.GOOD) {
      throw new IOException("a rehearsal ended with exit code " + process.exitValue());
    }
  }

  private void askAsClient(URI target)
      throws IOException, GeneralSecurityException, InterruptedException {
    SSLContext trust = trust(LocalCa.rootFile(new Source.LocalCa(directory, List.of())));
    for (HttpClient.Version version : HttpClient.Version.values()) {
      HttpClient client = HttpClient.newBuilder().sslContext(trust).version(version).build();
      for (int i = 0; i < REQUESTS; i++) {
        ask(client, HttpRequest.newBuilder(target.resolve("/")));
        ask(client, HttpRequest.newBuilder(target.resolve("/ping")));
      }
    }
  }

  /**
   * What machines ask all the time. What people ask for now and then would bring in a library for
   * JSON, a ninth of all classes, and every start loads whatever is in the archive.
   */
  private static void askAsOperator(URI admin) throws IOException, InterruptedException {
    HttpClient client = HttpClient.newHttpClient();
    for (String path : List.of("/readyz", "/metrics")) {
      ask(client, HttpRequest.newBuilder(admin.resolve(path)));
    }
  }

  private static void ask(HttpClient client, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    HttpRequest built = request.timeout(ANSWER_TIMEOUT).build();
    int status = client.send(built, BodyHandlers.ofString()).statusCode();
    if (status != 200) {
      throw new IOException(built.uri() + " was answered with " + status);
    }
  }

  private Path configuration(int originPort) throws IOException {
    Path config = directory.resolve("lockgate.conf");
    return Files.writeString(
        config,
        """
        lockgate {
          listeners { https { address = "127.0.0.1:0" } }
          admin { address = "127.0.0.1:0" }
          runtime { warm-up = off }
          access-log { path = "access.log" }
          tls-policies { own { base = intermediate, groups = [X25519, P-256] } }
          tls { policy = own }
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
  }

  private void makeCertificates(Path config) throws IOException {
    if (!(ConfigReader.read(config, surroundings.environment())
        instanceof ConfigResult.Valid valid)) {
      throw new AssertionError("the configuration of the rehearsal is wrong");
    }
    IdentityCatalog made =
        new IdentityLoader(surroundings.clock(), surroundings.environment())
            .load(valid.config(), IdentityCatalog.EMPTY, 1);
    if (!made.servable()) {
      throw new IOException("cannot make certificates: " + made.problems());
    }
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
