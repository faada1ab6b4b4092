package io.lockgate.bench;

import io.lockgate.testkit.TestCa;
import io.lockgate.testkit.TestIdentity;
import io.lockgate.testkit.TestPem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Files of a proxy with very many hosts: an EC P-256 certificate for each, issued by one
 * intermediate and with a key of its own, and the two ways to configure them. What is there already
 * is left as it is, so that a directory can be used again.
 */
final class ManyHosts {
  private final Path directory;
  private final int count;

  ManyHosts(Path directory, int count) {
    this.directory = directory;
    this.count = count;
  }

  /** How the hosts are written. */
  enum Shape {
    /** Each host has a block and a route of its own. */
    BLOCKS("hosts.conf"),
    /** One wildcard host for all. */
    WILDCARD("wildcard.conf");

    private final String file;

    Shape(String file) {
      this.file = file;
    }

    /** In messages. */
    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The name of a host. */
  static String name(int index) {
    return "tenant-%06d.tenants.example".formatted(index);
  }

  Path chainFile(int index) {
    return certificates().resolve(name(index) + ".pem");
  }

  /** What a configuration needs besides listeners. */
  String configuration(Shape shape) {
    return """
        include "%s"
        lockgate {
          certificates { tenants { directory = "certificates" } }
          upstreams { app { servers = ["127.0.0.1:9"] } }
        }
        """
        .formatted(shape.file);
  }

  /** Makes what is missing; each certificate takes about a millisecond. */
  ManyHosts provide() throws IOException {
    Files.createDirectories(certificates());
    if (!Files.exists(chainFile(count - 1))) {
      TestCa issuing = TestCa.root().intermediate("Many Hosts Intermediate");
      IntStream.range(0, count).parallel().forEach(i -> issue(issuing, i));
    }
    Files.writeString(directory.resolve(Shape.BLOCKS.file), blocks());
    Files.writeString(
        directory.resolve(Shape.WILDCARD.file),
        """
        lockgate.hosts {
          "*.tenants.example" { routes = [{ path = "/", upstream = app }] }
        }
        """);
    return this;
  }

  /** Issues a new certificate in the place of one. */
  void renew(int index) {
    issue(TestCa.root().intermediate("Renewing Intermediate"), index);
  }

  private void issue(TestCa issuing, int index) {
    String name = name(index);
    TestIdentity issued = issuing.leaf(name, "www." + name).issue();
    TestPem.writeSecret(certificates().resolve(name + ".key"), issued.traditionalKeyPem());
    TestPem.write(certificates().resolve(name + ".pem"), issued.chainPem());
  }

  private String blocks() {
    StringBuilder text = new StringBuilder("lockgate.hosts {\n");
    for (int i = 0; i < count; i++) {
      text.append("  \"")
          .append(name(i))
          .append("\" {\n    routes = [\n")
          .append("      { path = \"/\", upstream = app }\n    ]\n  }\n");
    }
    return text.append("}\n").toString();
  }

  private Path certificates() {
    return directory.resolve("certificates");
  }
}
