package io.lockgate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.AdminClient;
import io.lockgate.testkit.Command;
import io.lockgate.testkit.LockgateProcess;
import io.lockgate.testkit.OpensslResponder;
import io.lockgate.testkit.Patience;
import io.lockgate.testkit.TestCa;
import io.lockgate.testkit.TestIdentity;
import io.lockgate.testkit.TestLeaf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** OCSP responses between {@code openssl ocsp} and {@code openssl s_client -status}. */
class StaplingIT {
  private static final String STAPLED = "OCSP Response Status: successful";
  private static final String NONE = "OCSP response: no response sent";

  private static final String CONFIG =
      """
      lockgate {
        listeners { https { address = "127.0.0.1:{{https}}" } }
        tls.ocsp { cache-directory = "ocsp-cache", timeout = 30s }
        certificates {
          www { chain = "www.pem", key = "www.key" }
          plain { chain = "plain.pem", key = "plain.key" }
        }
        hosts {
          "www.example.com" { routes = [ { path = "/", respond { status = 200 } } ] }
          "api.example.com" { routes = [ { path = "/", respond { status = 200 } } ] }
          "plain.example.com" { routes = [ { path = "/", respond { status = 200 } } ] }
        }
        access-log { format = off }
      }
      """;

  @TempDir Path directory;
  private TestCa root;
  private TestCa ca;
  private OpensslResponder responder;
  private TestIdentity www;

  @BeforeEach
  void files() throws IOException {
    root = TestCa.root();
    root.writeRoot(directory.resolve("root.pem"));
    ca = root.intermediate("Issuing CA");
    responder = OpensslResponder.of(ca, directory.resolve("responder"));
    www = leaf().issue();
    www.writeTo(directory, "www");
    ca.issue("plain.example.com").writeTo(directory, "plain");
    responder.good(www.leaf()).start();
  }

  @AfterEach
  void stopResponder() {
    responder.close();
  }

  private TestLeaf leaf() {
    return ca.leaf(Site.WWW, Site.API).ocspAt(responder.address());
  }

  private LockgateProcess start(String more) throws IOException {
    return LockgateProcess.in(directory).config(CONFIG + more).start();
  }

  private LockgateProcess start() throws IOException {
    return start("");
  }

  private Command.Result status(LockgateProcess proxy, String name, String... options) {
    Stream<String> line =
        Stream.of(
            "s_client",
            "-connect",
            "127.0.0.1:" + proxy.port("https"),
            "-servername",
            name,
            "-CAfile",
            directory.resolve("root.pem").toString(),
            "-status");
    return Command.of("openssl", Stream.concat(line, Stream.of(options)).toArray(String[]::new))
        .run();
  }

  private static String certificates(LockgateProcess proxy) {
    return proxy.admin("/certificates");
  }

  @Test
  void staplesFromTheFirstHandshakeOnInBothVersions() throws IOException {
    try (LockgateProcess proxy = start()) {
      assertThat(status(proxy, Site.WWW, "-tls1_3").output())
          .contains(STAPLED, "Cert Status: good");
      assertThat(status(proxy, Site.WWW, "-tls1_2").output())
          .contains(STAPLED, "Cert Status: good");
      assertThat(status(proxy, "plain.example.com").output()).contains(NONE);
      assertThat(certificates(proxy))
          .contains("\"staple\":\"good\"", "\"staple\":\"not_applicable\"", "next_update");
      Patience.until(
          "handshakes are counted",
          () ->
              proxy.metric(
                          "lockgate_ocsp_staples_total",
                          "certificate=\"www\"",
                          "result=\"stapled\"")
                      == 2
                  && proxy.metric(
                          "lockgate_ocsp_staples_total",
                          "certificate=\"plain\"",
                          "result=\"not_applicable\"")
                      == 1);
      assertThat(proxy.metric("lockgate_ocsp_response_next_update_timestamp_seconds"))
          .isGreaterThan(1.7e9);
      assertThat(proxy.metric("lockgate_ocsp_fetches_total", "result=\"good\"")).isEqualTo(1);
    }
  }

  @Test
  void manyHostsWithOneCertificateCostOneFetch() throws IOException {
    try (LockgateProcess proxy =
        start("lockgate.certificates.twin = ${lockgate.certificates.www}\n")) {
      assertThat(status(proxy, Site.WWW).output()).contains(STAPLED);
      assertThat(status(proxy, Site.API).output()).contains(STAPLED);
    }
    assertThat(responder.stop()).isEqualTo(1);
  }

  @Test
  void responseOutlivesTheResponderAndARestart() throws IOException {
    try (LockgateProcess proxy = start()) {
      responder.stop();
      assertThat(status(proxy, Site.WWW).output()).contains(STAPLED);
      assertThat(proxy.admin().post("/ocsp/refresh").expect(200).text()).contains("\"failed\":1");
      assertThat(status(proxy, Site.WWW).output()).contains(STAPLED);
      assertThat(certificates(proxy)).contains("cannot be reached");
    }
    try (LockgateProcess proxy = start()) {
      assertThat(status(proxy, Site.WWW).output()).contains(STAPLED);
      assertThat(proxy.metricIfPresent("lockgate_ocsp_fetches_total")).as("none").isEmpty();
    }
  }

  @Test
  void withoutAResponseAHostThatDemandsItIsRefusedAndOthersGoOn() throws IOException {
    responder.stop();
    try (LockgateProcess proxy = start("lockgate.certificates.www.staple = require\n")) {
      Command.Result refused = status(proxy, Site.WWW);
      assertThat(refused.exit()).isNotZero();
      assertThat(refused.errors()).contains("alert internal error");
      assertThat(status(proxy, "plain.example.com").expectSuccess().output()).contains(NONE);
      assertThat(proxy.admin("/readyz")).isEqualTo("ok\n");
      assertThat(proxy.errors()).contains("certificate \"www\" is not served");
      assertThat(proxy.metric("lockgate_ocsp_required_missing", "certificate=\"www\""))
          .isEqualTo(1);
      assertThat(certificates(proxy)).contains("\"staple\":\"missing\"", "\"required\":true");
      Patience.until(
          "the refusal is counted",
          () ->
              proxy.metric(
                      "lockgate_tls_handshake_failures_total",
                      "host=\"" + Site.WWW + "\"",
                      "reason=\"staple_missing\"")
                  == 1);

      responder.start();
      String report = proxy.admin().post("/ocsp/refresh").expect(200).text();
      assertThat(report).contains("\"refreshed\":1");
      assertThat(status(proxy, Site.WWW).expectSuccess().output()).contains(STAPLED);
      assertThat(proxy.errors()).contains("is served again");
    }
  }

  @Test
  void mustStapleIsADemandToo() throws IOException {
    responder.stop();
    leaf().mustStaple().issue().writeTo(directory, "www");
    try (LockgateProcess proxy = start()) {
      assertThat(status(proxy, Site.WWW).errors()).contains("alert internal error");
      assertThat(status(proxy, "plain.example.com").expectSuccess().output()).contains(NONE);
    }
  }

  @Test
  void revocationIsStapledAndToldLoudly() throws IOException {
    try (LockgateProcess proxy = start()) {
      responder.stop();
      responder.revoked(www.leaf()).start();
      proxy.admin().post("/ocsp/refresh").expect(200);
      assertThat(status(proxy, Site.WWW).output()).contains("Cert Status: revoked");
      assertThat(proxy.errors()).contains("certificate \"www\" is REVOKED");
      assertThat(certificates(proxy)).contains("\"staple\":\"revoked\"");
    }
  }

  @Test
  void refreshOfOneCertificateAsksForThatOnly() throws IOException {
    try (LockgateProcess proxy = start()) {
      AdminClient admin = proxy.admin();
      assertThat(refresh(admin, "www").expect(200).text()).contains("\"refreshed\":1");
      assertThat(refresh(admin, "plain").expect(200).text()).contains("\"asked\":0");
      refresh(admin, "nobody").expect(404);
    }
    assertThat(responder.stop()).isEqualTo(2);
  }

  private static AdminClient.Answer refresh(AdminClient admin, String certificate) {
    return admin.call("POST", "/ocsp/refresh", "{\"certificate\": \"" + certificate + "\"}");
  }

  @Test
  void renewedCertificateServesWithItsOwnResponseFromTheFirstHandshakeOn() throws IOException {
    try (LockgateProcess proxy = start()) {
      TestIdentity renewed = leaf().issue();
      responder.stop();
      responder.good(renewed.leaf()).start();
      renewed.writeTo(directory, "www");
      proxy.reload();
      assertThat(status(proxy, Site.WWW).output()).contains(STAPLED, "Cert Status: good");
      Patience.until(
          "only the new one's response is kept",
          () -> {
            try (Stream<Path> files = Files.list(directory.resolve("ocsp-cache"))) {
              return files.count() == 1;
            }
          });
    }
  }

  @Test
  void diskThatCannotBeWrittenIsAWarningOnly() throws IOException {
    Files.writeString(directory.resolve("ocsp-cache"), "not a directory");
    try (LockgateProcess proxy = start()) {
      assertThat(status(proxy, Site.WWW).output()).contains(STAPLED);
      Patience.until("it is told", () -> proxy.errors().contains("OCSP responses cannot be kept"));
    }
  }

  @Test
  void switchedOffNothingIsFetchedOrStapled() throws IOException {
    try (LockgateProcess proxy = start("lockgate.tls.ocsp.staple = off\n")) {
      assertThat(status(proxy, Site.WWW).output()).contains(NONE);
      assertThat(certificates(proxy)).contains("\"staple\":\"off\"");
    }
    assertThat(responder.stop()).isZero();
  }
}
