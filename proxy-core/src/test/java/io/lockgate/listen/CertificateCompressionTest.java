package io.lockgate.listen;

import static io.lockgate.tls.RecordingTlsListener.next;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.listen.TlsServer.Host;
import io.lockgate.testkit.Patience;
import io.lockgate.testkit.TestCa;
import io.lockgate.tls.Decompression;
import io.lockgate.tls.Decompression.Seen;
import io.lockgate.tls.TlsFixtures;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 8879, with a client of BoringSSL. */
class CertificateCompressionTest {
  private static final TestCa CA = TestCa.root();
  private static final Host HOST =
      new Host(
          "a.example",
          List.of(TlsFixtures.ecdsa(CA, "a.example")),
          TlsFixtures.terms(TlsFixtures.INTERMEDIATE));

  @ParameterizedTest
  @ValueSource(strings = {"BROTLI", "ZSTD", "ZLIB"})
  void shortensTheCertificatesOnceAWorkerHasDoneTheWork(String algorithm) throws Exception {
    Decompression decompression = new Decompression(algorithm);
    try (TlsServer server = new TlsServer(HOST);
        BoringClient client = new BoringClient(CA.certificate(), decompression.config())) {
      server.contexts.compressCertificates(true);

      client.visit(server.address(), "a.example");
      Seen first = next(decompression.seen);
      assertThat(first.compressed()).as("wrapped only").isGreaterThan(first.plain());
      assertThat(next(server.events.succeeded).version()).isEqualTo("TLSv1.3");
      Patience.until(
          "the compressed form is served",
          () -> {
            client.visit(server.address(), "a.example");
            Seen seen = next(decompression.seen);
            return seen.compressed() < seen.plain();
          });
    }
  }

  @Test
  void leavesTheCertificatesAsTheyAreWhereItIsOff() throws Exception {
    Decompression decompression = new Decompression("BROTLI");
    try (TlsServer server = new TlsServer(HOST);
        BoringClient client = new BoringClient(CA.certificate(), decompression.config())) {
      client.visit(server.address(), "a.example");
      assertThat(decompression.seen).isEmpty();

      server.contexts.compressCertificates(true);
      client.visit(server.address(), "a.example");
      assertThat(decompression.seen).hasSize(1);

      server.contexts.compressCertificates(false);
      client.visit(server.address(), "a.example");
      assertThat(decompression.seen).as("no more than before").hasSize(1);
    }
  }

  @Test
  void clientsWithoutItAreServedAsBefore() throws Exception {
    try (TlsServer server = new TlsServer(HOST)) {
      server.contexts.compressCertificates(true);
      TlsClient client = new TlsClient(CA.certificate());
      client.visit(server.address(), "a.example", "TLSv1.3");
      client.visit(server.address(), "a.example", "TLSv1.2");
      assertThat(next(server.events.succeeded).version()).isEqualTo("TLSv1.3");
      assertThat(next(server.events.succeeded).version()).isEqualTo("TLSv1.2");
    }
  }
}
