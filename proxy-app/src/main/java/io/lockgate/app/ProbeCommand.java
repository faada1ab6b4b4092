package io.lockgate.app;

import io.lockgate.pki.ServerTrust;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lockgate probe}: what a client would see, and what is wrong with it. */
@Command(
    name = "probe",
    mixinStandardHelpOptions = true,
    description =
        "Connects as a client would and reports address, TLS, certificates, resumption and status.")
final class ProbeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "https://HOST[:PORT][/PATH]", description = "What to ask for.")
  private String url;

  @Option(
      names = "--resolve",
      paramLabel = "ADDRESS",
      description = "Connects to this address, or ADDRESS:PORT, instead of the name's.")
  private String resolve;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "PEM of the authorities to trust, instead of the system's.")
  private Path ca;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "5",
      description = "For each step (default: 5).")
  private int timeoutSeconds;

  @Option(names = "--json", description = "One JSON document on standard output.")
  private boolean json;

  private final Surroundings surroundings;

  ProbeCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (timeoutSeconds < 1 || timeoutSeconds > 600) {
      throw new ParameterException(spec.commandLine(), "--timeout is from 1 to 600 seconds");
    }
    ProbeTarget target;
    Optional<InetSocketAddress> instead;
    try {
      target = ProbeTarget.of(url);
      instead = Optional.ofNullable(resolve).map(text -> address(text, target.port()));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    ServerTrust trust;
    try {
      trust = ca == null ? ServerTrust.ofSystem() : ServerTrust.of(certificates(ca));
    } catch (NoSuchFileException e) {
      return refused(ca + " does not exist");
    } catch (IOException | CertificateException e) {
      return refused(ca + " cannot be read as PEM certificates: " + e.getMessage());
    }
    ProbeReport report =
        new Probe(
                target,
                instead,
                trust,
                Duration.ofSeconds(timeoutSeconds),
                surroundings.clock(),
                "lockgate-probe")
            .run();
    Instant now = surroundings.clock().instant();
    surroundings.out().print(json ? report.json(now) + "\n" : report.text(now));
    return report.good() ? ExitCode.GOOD : ExitCode.FAILED;
  }

  private int refused(String sentence) {
    surroundings.err().println("lockgate probe: " + sentence);
    return ExitCode.FAILED;
  }

  /** An address with or without a port; a name would not say which of its addresses is meant. */
  private static InetSocketAddress address(String text, int port) {
    if (!text.matches("[0-9.]+(:[0-9]{1,5})?|\\[[0-9a-fA-F:.]+](:[0-9]{1,5})?|[0-9a-fA-F:.]+")) {
      throw new IllegalArgumentException(
          "--resolve \"" + text + "\" is not an address: such as 192.0.2.1:8443 or [2001:db8::1]");
    }
    boolean bare = text.indexOf(':') != text.lastIndexOf(':') && !text.startsWith("[");
    int colon = bare || text.endsWith("]") ? -1 : text.lastIndexOf(':');
    String host = colon < 0 ? text : text.substring(0, colon);
    try {
      return new InetSocketAddress(
          InetAddress.getByName(host),
          colon < 0 ? port : Integer.parseInt(text.substring(colon + 1)));
    } catch (java.net.UnknownHostException e) {
      throw new IllegalArgumentException("--resolve \"" + text + "\" is not an address", e);
    }
  }

  private static List<X509Certificate> certificates(Path file)
      throws IOException, CertificateException {
    List<X509Certificate> found = new ArrayList<>();
    try (InputStream in = Files.newInputStream(file)) {
      CertificateFactory.getInstance("X.509")
          .generateCertificates(in)
          .forEach(certificate -> found.add((X509Certificate) certificate));
    }
    if (found.isEmpty()) {
      throw new CertificateException("there is none in it");
    }
    return found;
  }
}
