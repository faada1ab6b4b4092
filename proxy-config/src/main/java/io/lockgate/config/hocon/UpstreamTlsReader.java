package io.lockgate.config.hocon;

import io.lockgate.config.model.HostPattern;
import io.lockgate.config.model.TlsPolicy;
import io.lockgate.config.model.UpstreamTlsConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Reads the {@code tls} of an upstream. */
final class UpstreamTlsReader {
  private final Reading reading;
  private final Block root;
  private final Map<String, TlsPolicy> policies;

  UpstreamTlsReader(Reading reading, Block root, Map<String, TlsPolicy> policies) {
    this.reading = reading;
    this.root = root;
    this.policies = policies;
  }

  UpstreamTlsConfig read(String upstream, Block tls) {
    checkClientCertificate(upstream, tls);
    Optional<Path> trust = tls.maybeFile("trust", reading);
    trust.ifPresent(file -> checkReadable(tls, file));
    boolean verify = tls.on("verify");
    if (!verify) {
      warnOfNoVerification(upstream, tls);
    }
    return new UpstreamTlsConfig(
        serverName(upstream, tls),
        trust,
        tls.maybeText("client-certificate"),
        verify,
        policy(upstream, tls),
        tls.list("pins", String.class));
  }

  private Optional<String> serverName(String upstream, Block tls) {
    Optional<HostPattern> name = tls.maybe("server-name", HostPattern.class);
    if (name.isPresent() && name.get().wildcard()) {
      reading.error(
          "bad-host-name",
          tls.node("server-name"),
          "upstream \"" + upstream + "\": a server has one name, not a wildcard",
          "write the name that stands in the server's certificate");
    }
    return name.map(HostPattern::toString);
  }

  private void warnOfNoVerification(String upstream, Block tls) {
    boolean pinned = tls.has("pins");
    reading.warning(
        "upstream-not-verified",
        tls.pathOf("verify"),
        tls.originOf("verify"),
        "upstream \""
            + upstream
            + "\": the servers' certificates are not verified"
            + (pinned ? " beyond their pins" : ", so anybody on the way can pose as the server"),
        "name the authority in trust = \"FILE\" instead");
  }

  private void checkClientCertificate(String upstream, Block tls) {
    tls.maybeText("client-certificate")
        .ifPresent(
            certificate ->
                reading.checkReference(
                    "unknown-certificate",
                    tls.node("client-certificate"),
                    certificate,
                    "upstream \"" + upstream + "\" is to see the certificate",
                    root.blocks("certificates")));
  }

  private String policy(String upstream, Block tls) {
    String standard = root.block("tls").text("policy");
    Optional<String> written = tls.maybeText("policy");
    if (written.isEmpty()) {
      reading.derive(tls.pathOf("policy"), Quoted.asWritten(standard));
      return standard;
    }
    if (!policies.containsKey(written.get())) {
      PolicyReader.checkPolicy(
          reading,
          tls,
          "policy",
          "upstream \"" + upstream + "\" has the TLS policy",
          root.blocks("tls-policies"));
    }
    return written.get();
  }

  private void checkReadable(Block tls, Path file) {
    if (!Files.exists(file)) {
      complain("missing-file", tls, file + " does not exist");
    } else if (Files.isDirectory(file)) {
      complain("not-a-file", tls, file + " is a directory");
    } else if (!Files.isReadable(file)) {
      complain("unreadable-file", tls, file + " cannot be read");
    }
  }

  private void complain(String code, Block tls, String what) {
    reading.error(
        code,
        tls.node("trust"),
        tls.pathOf("trust") + ": " + what,
        "a relative path begins at the file that names it" + Reading.where(tls.originOf("trust")));
  }
}
