package io.lockgate.config.hocon;

import io.lockgate.config.model.CertificateConfig;
import io.lockgate.config.model.CertificateConfig.Source;
import io.lockgate.config.model.HostPattern;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads {@code certificates}: that files can be read, not what is in them. */
final class CertificateReader {
  private static final List<String> SOURCES = List.of("chain", "directory", "local-ca", "acme");

  private final Reading reading;
  private final Block root;

  CertificateReader(Reading reading, Block root) {
    this.reading = reading;
    this.root = root;
  }

  List<CertificateConfig> read() {
    List<CertificateConfig> certificates = new ArrayList<>();
    root.blocks("certificates")
        .forEach(
            (name, block) ->
                source(name, block)
                    .ifPresent(
                        source ->
                            certificates.add(
                                new CertificateConfig(
                                    name,
                                    source,
                                    block.maybeText("owner"),
                                    block.maybeText("staple").map(TlsReader::stapleMode)))));
    return certificates;
  }

  private Optional<Source> source(String name, Block block) {
    List<String> given = SOURCES.stream().filter(block::has).toList();
    if (given.size() != 1) {
      reading.error(
          given.isEmpty() ? "missing-source" : "ambiguous-source",
          block,
          "certificate \""
              + name
              + "\" "
              + (given.isEmpty()
                  ? "does not say where it comes from"
                  : "comes from several places: " + String.join(", ", given)),
          "give one of chain, directory, local-ca");
      return Optional.empty();
    }
    checkCompany(name, block, given.get(0));
    return switch (given.get(0)) {
      case "chain" -> files(block);
      case "directory" -> block.maybeFile("directory", reading).map(path -> directory(block, path));
      case "local-ca" -> block.maybeFile("local-ca", reading).map(path -> localCa(block, path));
      default -> Optional.empty();
    };
  }

  /** Keys that mean nothing beside this source were meant for something else. */
  private void checkCompany(String name, Block block, String source) {
    boolean named = source.equals("local-ca") || source.equals("acme");
    List<String> strange =
        named
            ? List.of("key", "password-env")
            : source.equals("chain") ? List.of("names") : List.of("key", "names", "password-env");
    for (String key : strange) {
      if (block.has(key)) {
        reading.error(
            "conflicting-keys",
            block.pathOf(key),
            block.originOf(key),
            "certificate \"" + name + "\": " + key + " means nothing beside " + source,
            "take one of the two out");
      }
    }
    if (named && block.items("names").isEmpty() && !block.has("names")) {
      reading.error(
          "missing-key",
          block.pathOf("names"),
          block.origin(),
          "certificate \"" + name + "\" is made for no name",
          "names = [localhost]");
    }
  }

  private Optional<Source> files(Block block) {
    Optional<Path> chain = block.maybeFile("chain", reading);
    if (chain.isEmpty()) {
      return Optional.empty();
    }
    Path key = block.maybeFile("key", reading).orElse(chain.get());
    checkReadable(block, "chain", chain.get());
    if (block.has("key") && block.maybe("key", Path.class).isPresent() && !isPkcs11(block)) {
      checkReadable(block, "key", key);
    }
    Optional<String> variable = block.maybeText("password-env");
    if (variable.isPresent() && !reading.environment().containsKey(variable.get())) {
      reading.error(
          "missing-environment-variable",
          block.pathOf("password-env"),
          block.originOf("password-env"),
          block.pathOf("password-env") + ": " + Quoted.inMessage(variable.get()) + " is not set",
          "it has to hold the password when Lockgate starts");
    }
    return Optional.of(new Source.Files(chain.get(), key, variable));
  }

  private static boolean isPkcs11(Block block) {
    return block.node("key") instanceof Node.Leaf leaf
        && leaf.text().toLowerCase(Locale.ROOT).startsWith("pkcs11:");
  }

  private void checkReadable(Block block, String key, Path file) {
    if (!Files.exists(file)) {
      complain("missing-file", block, key, file + " does not exist");
    } else if (Files.isDirectory(file)) {
      complain("not-a-file", block, key, file + " is a directory");
    } else if (!Files.isReadable(file)) {
      complain("unreadable-file", block, key, file + " cannot be read");
    }
  }

  private Source directory(Block block, Path path) {
    if (!Files.exists(path)) {
      complain("missing-file", block, "directory", path + " does not exist");
    } else if (!Files.isDirectory(path)) {
      complain("not-a-directory", block, "directory", path + " is not a directory");
    } else if (!Files.isReadable(path)) {
      complain("unreadable-file", block, "directory", path + " cannot be listed");
    }
    return new Source.Directory(path);
  }

  private Source localCa(Block block, Path path) {
    if (Files.exists(path) && !Files.isDirectory(path)) {
      complain("not-a-directory", block, "local-ca", path + " is not a directory");
    }
    return new Source.LocalCa(
        path, block.list("names", HostPattern.class).stream().map(HostPattern::toString).toList());
  }

  private void complain(String code, Block block, String key, String what) {
    reading.error(
        code,
        block.pathOf(key),
        block.originOf(key),
        block.pathOf(key) + ": " + what,
        "a relative path begins at the file that names it" + Reading.where(block.originOf(key)));
  }
}
