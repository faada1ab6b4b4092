package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.Command;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where certificates may come from, beside a pair of files. */
class CertificateSourcesIT {
  private static final String LISTENER =
      """
      lockgate {
        listeners { https { address = "127.0.0.1:{{https}}" } }
        access-log { format = off }
      }
      """;

  @TempDir Path directory;
  private Site site;

  @BeforeEach
  void prepare() {
    site = Site.in(directory);
  }

  @Nested
  class ALocalAuthority {
    private static final String CONFIG =
        LISTENER
            + """
            lockgate {
              certificates { local { local-ca = "var/local-ca", names = [localhost, "*.localhost", "127.0.0.1"] } }
              hosts { "localhost" { routes = [ { path = "/", respond { status = 200, body = "hello" } } ] } }
            }
            """;

    @Test
    void isMadeOnceAndCurlTrustsItsRoot() throws IOException {
      Path root = directory.resolve("var/local-ca/root.pem");
      try (LockgateProcess proxy = site.start(CONFIG)) {
        assertThat(curl(proxy, root)).isEqualTo("hello");
      }
      String made = Files.readString(root);
      try (LockgateProcess again = site.start(CONFIG)) {
        assertThat(curl(again, root)).isEqualTo("hello");
      }
      assertThat(Files.readString(root)).isEqualTo(made);
    }

    @Test
    void isNotMadeByACheck() throws IOException {
      LockgateProcess.in(directory).config(CONFIG).command("check").run().expectSuccess();
      assertThat(directory.resolve("var")).as("check changes nothing").doesNotExist();
    }

    private String curl(LockgateProcess proxy, Path root) {
      return Command.of(
              "curl",
              "-sS",
              "--cacert",
              root.toString(),
              "https://localhost:" + proxy.port("https") + "/")
          .run()
          .expectSuccess()
          .output();
    }
  }

  @Nested
  class ADirectory {
    private static final String CONFIG =
        LISTENER
            + """
            lockgate {
              certificates { tenants { directory = "tenants" } }
              hosts {
                "a.example.com" { routes = [ { path = "/", respond { status = 200, body = "a" } } ] }
                "b.example.com" { routes = [ { path = "/", respond { status = 200, body = "b" } } ] }
              }
            }
            """;

    private Path tenants;

    @BeforeEach
    void fill() throws IOException {
      tenants = Files.createDirectories(directory.resolve("tenants"));
      site.ca().issue("a.example.com").writeTo(tenants, "a");
      site.ca().issue("b.example.com").writeTo(tenants, "b");
    }

    @Test
    void servesEachPairToItsHost() throws IOException {
      try (LockgateProcess proxy = site.start(CONFIG)) {
        site.client("a.example.com").connect(proxy.port("https")).close();
        site.client("b.example.com").connect(proxy.port("https")).close();
      }
    }

    @Test
    void badPairNeverHoldsBackTheOthers() throws IOException {
      try (LockgateProcess proxy = site.start(CONFIG)) {
        X509Certificate oldA = certificate(proxy, "a.example.com");
        X509Certificate oldB = certificate(proxy, "b.example.com");
        Files.writeString(tenants.resolve("a.pem"), "not a certificate");
        site.ca().issue("b.example.com").writeTo(tenants, "b");
        proxy.reload();
        assertThat(certificate(proxy, "a.example.com")).as("serves on").isEqualTo(oldA);
        assertThat(certificate(proxy, "b.example.com")).as("is renewed").isNotEqualTo(oldB);
        assertThat(proxy.admin("/reloads") + proxy.errors()).contains("a.pem");
      }
    }

    private X509Certificate certificate(LockgateProcess proxy, String name) throws IOException {
      try (RawClient client = site.client(name).connect(proxy.port("https"))) {
        return (X509Certificate) client.tlsSession().getPeerCertificates()[0];
      }
    }
  }
}
