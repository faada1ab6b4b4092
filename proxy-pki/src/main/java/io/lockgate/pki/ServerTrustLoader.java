package io.lockgate.pki;

import io.lockgate.config.model.ConfigProblem;
import io.lockgate.config.model.Origin;
import io.lockgate.config.model.ProxyConfig;
import io.lockgate.config.model.UpstreamConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads whom the upstreams of a configuration trust. The system's store is read once, when the
 * first upstream needs it. On the control thread; never on an event loop.
 */
public final class ServerTrustLoader {
  private Optional<ServerTrust> system = Optional.empty();

  /**
   * What one reading found.
   *
   * @param byUpstream for each upstream with TLS whose trust could be read
   */
  public record Loaded(Map<String, ServerTrust> byUpstream, List<ConfigProblem> problems) {}

  /** Reads every file that is named; each once. */
  public Loaded load(ProxyConfig config) {
    Map<String, ServerTrust> trusts = new HashMap<>();
    Map<Path, ServerTrust> files = new HashMap<>();
    List<ConfigProblem> problems = new ArrayList<>();
    for (UpstreamConfig upstream : config.upstreams()) {
      if (upstream.tls().isEmpty()) {
        continue;
      }
      Optional<Path> file = upstream.tls().get().trust();
      try {
        ServerTrust trust = file.isPresent() ? read(file.get(), files) : system(upstream);
        trusts.put(upstream.name(), trust);
      } catch (CertificateFileException e) {
        String path = "upstreams." + upstream.name() + ".tls.trust";
        problems.add(
            ConfigProblem.error(
                e.code(),
                path,
                config.origins().of(path).orElse(Origin.BUILT_IN),
                "upstream \"" + upstream.name() + "\": " + e.getMessage(),
                e.hint()));
      }
    }
    return new Loaded(trusts, problems);
  }

  /** Nothing is loaded for an upstream that verifies nothing. */
  private ServerTrust system(UpstreamConfig upstream) {
    if (!upstream.tls().orElseThrow().verify()) {
      return ServerTrust.of(List.of());
    }
    if (system.isEmpty()) {
      system = Optional.of(ServerTrust.ofSystem());
    }
    return system.get();
  }

  private static ServerTrust read(Path file, Map<Path, ServerTrust> known)
      throws CertificateFileException {
    ServerTrust trust = known.get(file);
    if (trust == null) {
      trust = ServerTrust.of(certificates(file));
      known.put(file, trust);
    }
    return trust;
  }

  private static List<X509Certificate> certificates(Path file) throws CertificateFileException {
    List<X509Certificate> certificates = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (PemBlock block : PemBlock.in(file, Files.readAllBytes(file))) {
        if (block.label().equals("CERTIFICATE")) {
          certificates.add(
              (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.der())));
        }
      }
    } catch (IOException e) {
      throw PairBytes.unreadable(file, e);
    } catch (CertificateException e) {
      throw new CertificateFileException(
          "certificate-malformed",
          file + ": a certificate in the file cannot be read: " + e.getMessage(),
          "the file may be cut short or damaged");
    }
    if (certificates.isEmpty()) {
      throw new CertificateFileException(
          "no-certificate",
          file + ": the file holds no certificate",
          "it has to hold the authorities' certificates as PEM");
    }
    return certificates;
  }
}
