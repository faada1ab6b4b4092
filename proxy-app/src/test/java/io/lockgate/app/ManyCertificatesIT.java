package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.RawClient;
import io.lockgate.testkit.TestIdentity;
import io.lockgate.testkit.TestKey;
import io.lockgate.testkit.TestPem;
import io.lockgate.testkit.TlsClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory of many more certificates than native contexts are kept. */
class ManyCertificatesIT {
  private static final int KEPT = 30;
  private static final int CERTIFICATES = 10 * KEPT;
  private static final int CLIENTS = 4;
  private static final String CONFIG =
      """
      lockgate {
        listeners { https { address = "127.0.0.1:{{https}}" } }
        tls { contexts { max-cached = 30 } }
        certificates { tenants { directory = "tenants" } }
        hosts {
          "*.tenants.example" { routes = [ { path = "/", respond { body = "hello" } } ] }
        }
        access-log { format = off }
      }
      """;

  @TempDir Path directory;

  private final KeyPair keys = TestKey.EC_P256.generate();
  private Site site;
  private Path tenants;

  @BeforeEach
  void issue() throws IOException {
    site = Site.in(directory);
    tenants = Files.createDirectory(directory.resolve("tenants"));
    for (int i = 0; i < CERTIFICATES; i++) {
      issue(name(i));
    }
  }

  /** The end of the process fails the test if a buffer leaked on the way. */
  @Test
  void areServedInAnyOrderWhileConnectionsOnContextsGivenUpGoOn() throws Exception {
    try (LockgateProcess proxy = site.start(CONFIG);
        RawClient held = site.client(name(0)).connect(proxy.port("https"))) {
      ask(held, name(0));

      visitAll(proxy);

      ask(held, name(0));
      assertThat(proxy.metric("lockgate_tls_handshake_failures_total")).isZero();
    }
  }

  @Test
  void areReloadedThoughOneOfThemIsGarbage() throws Exception {
    try (LockgateProcess proxy = site.start(CONFIG)) {
      X509Certificate kept = served(proxy, name(0));
      TestPem.write(tenants.resolve(name(0) + ".pem"), "garbage");
      X509Certificate renewed = issue(name(1)).leaf();

      assertThat(proxy.reload()).contains("tenants/" + name(0) + ".pem");

      assertThat(served(proxy, name(0))).isEqualTo(kept);
      assertThat(served(proxy, name(1))).isEqualTo(renewed);
      assertThat(proxy.generation()).isEqualTo(2);
    }
  }

  private void visitAll(LockgateProcess proxy) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(CLIENTS);
    try {
      List<Future<?>> visits = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        List<String> share = new ArrayList<>();
        for (int at = i; at < CERTIFICATES; at += CLIENTS) {
          share.add(name(at));
        }
        Collections.shuffle(share, new Random(i));
        visits.add(executor.submit(() -> visit(proxy, share)));
      }
      for (Future<?> visit : visits) {
        visit.get();
      }
    } finally {
      executor.shutdownNow();
    }
  }

  private Void visit(LockgateProcess proxy, List<String> names) throws IOException {
    for (String name : names) {
      try (RawClient client = site.client(name).connect(proxy.port("https"))) {
        ask(client, name);
      }
    }
    return null;
  }

  private static void ask(RawClient client, String name) throws IOException {
    client.send("GET / HTTP/1.1\r\nHost: " + name + "\r\n\r\n");
    assertThat(new String(client.readResponse().bytes(), java.nio.charset.StandardCharsets.UTF_8))
        .isEqualTo("hello");
  }

  private X509Certificate served(LockgateProcess proxy, String name) throws IOException {
    TlsClient client = site.client(name);
    try (RawClient connection = client.connect(proxy.port("https"))) {
      return (X509Certificate) connection.tlsSession().getPeerCertificates()[0];
    }
  }

  private TestIdentity issue(String name) {
    TestIdentity issued = site.ca().leaf(name).key(TestKey.EC_P256, keys).issue();
    TestPem.writeSecret(tenants.resolve(name + ".key"), issued.traditionalKeyPem());
    TestPem.write(tenants.resolve(name + ".pem"), issued.chainPem());
    return issued;
  }

  private static String name(int index) {
    return "tenant-" + index + ".tenants.example";
  }
}
