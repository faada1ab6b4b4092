package io.lockgate.config.hocon;

import io.lockgate.config.model.AllowRule;
import io.lockgate.config.model.ClientAuthConfig;
import io.lockgate.config.model.ClientAuthConfig.Forward;
import io.lockgate.config.model.ClientAuthConfig.Mode;
import io.lockgate.config.model.HostPattern;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code client-auth} of hosts: that files can be read, not what is in them. */
final class ClientAuthReader {
  private final Reading reading;
  private final Map<String, Block> listeners;

  ClientAuthReader(Reading reading, Map<String, Block> listeners) {
    this.reading = reading;
    this.listeners = listeners;
  }

  /**
   * @param pattern the name of the host as the model knows it
   */
  Optional<ClientAuthConfig> read(
      String host, HostPattern pattern, Block block, List<String> servedOn) {
    Optional<Block> written = block.maybeBlock("client-auth");
    if (written.isEmpty()) {
      return Optional.empty();
    }
    Block auth = written.get();
    for (String key : List.of("trust", "crl")) {
      reading.rememberAs("hosts.\"" + pattern + "\".client-auth." + key, auth.originOf(key));
    }
    List<Path> trust = files(auth, "trust");
    List<Path> crls = files(auth, "crl");
    if (auth.text("mode").equals("off")) {
      return Optional.empty();
    }
    Mode mode = auth.text("mode").equals("required") ? Mode.REQUIRED : Mode.OPTIONAL;
    checkTrust(host, auth);
    // Bytes are forwarded on listeners with TLS only, whatever is said of listeners.
    if (mode == Mode.REQUIRED && block.text("mode").equals("http")) {
      checkListeners(host, auth, servedOn);
    }
    return Optional.of(
        new ClientAuthConfig(
            mode, trust, crls, auth.list("allow", AllowRule.class), forward(auth)));
  }

  private List<Forward> forward(Block auth) {
    List<Forward> forward = new ArrayList<>();
    for (String field : auth.list("forward", String.class)) {
      Forward kind = field.equals("xfcc") ? Forward.XFCC : Forward.CLIENT_CERT;
      if (!forward.contains(kind)) {
        forward.add(kind);
      }
    }
    return forward;
  }

  private void checkTrust(String host, Block auth) {
    if (auth.items("trust").isEmpty() && (!auth.has("trust") || auth.hasUsable("trust"))) {
      reading.error(
          "missing-key",
          auth.pathOf("trust"),
          auth.originOf("trust"),
          "host \"" + host + "\" asks for client certificates, but trusts nobody who issues them",
          "trust = \"clients-ca.pem\", or mode = off");
    }
  }

  /** In clear there is no certificate: what demands one cannot be served there. */
  private void checkListeners(String host, Block auth, List<String> servedOn) {
    listeners.forEach(
        (name, listener) -> {
          boolean clear = !listener.on("tls") && !listener.on("redirect-to-https");
          String sentence =
              "host \""
                  + host
                  + "\" demands client certificates, and listener \""
                  + name
                  + "\" has none, being without TLS";
          if (clear && servedOn.contains(name)) {
            reading.error(
                "client-auth-without-tls",
                auth.place().path(),
                auth.origin(),
                sentence,
                "take it out of the host's listeners");
          } else if (clear && servedOn.isEmpty()) {
            reading.warning(
                "client-auth-without-tls",
                auth.place().path(),
                auth.origin(),
                sentence + ": requests there are answered with 403",
                "name the host's listeners, or let that one redirect-to-https");
          }
        });
  }

  private List<Path> files(Block auth, String key) {
    List<Path> files = new ArrayList<>();
    for (Node.Leaf leaf : auth.leaves(key)) {
      leaf.value()
          .map(Path.class::cast)
          .map(path -> reading.resolve(path, leaf.origin()))
          .ifPresent(
              file -> {
                checkReadable(leaf, file);
                files.add(file);
              });
    }
    return files;
  }

  private void checkReadable(Node.Leaf leaf, Path file) {
    if (!Files.exists(file)) {
      complain("missing-file", leaf, file + " does not exist");
    } else if (Files.isDirectory(file)) {
      complain("not-a-file", leaf, file + " is a directory");
    } else if (!Files.isReadable(file)) {
      complain("unreadable-file", leaf, file + " cannot be read");
    }
  }

  private void complain(String code, Node.Leaf leaf, String what) {
    reading.error(
        code,
        leaf,
        leaf.place().path() + ": " + what,
        "a relative path begins at the file that names it" + Reading.where(leaf.origin()));
  }
}
