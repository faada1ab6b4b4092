package io.lockgate.listen;

import static io.lockgate.tls.RecordingTlsListener.next;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.config.model.TlsPolicy;
import io.lockgate.config.model.TlsPolicy.TlsVersion;
import io.lockgate.listen.TlsServer.Host;
import io.lockgate.testkit.TestCa;
import io.lockgate.testkit.TestKey;
import io.lockgate.tls.HandshakeFailure;
import io.lockgate.tls.RecordingTlsListener.Failed;
import io.lockgate.tls.TlsFixtures;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What handshakes are signed with, as openssl sees it. */
class SignatureTest {
  private static final TestCa CA = TestCa.root();

  private static Host host(TestKey key, Set<String> signatures) {
    TlsPolicy policy =
        new TlsPolicy(
            "signing",
            TlsVersion.TLS_1_2,
            TlsVersion.TLS_1_3,
            TlsFixtures.CIPHERS,
            List.of("X25519"),
            signatures,
            Set.of());
    return new Host(
        "a.example",
        List.of(TlsFixtures.identity(CA, key, "a.example")),
        TlsFixtures.terms(policy));
  }

  /** Of RSA-PSS, RSA, ECDSA and Ed25519 with a hash, as openssl prints them. */
  private static String printed(String algorithm) {
    String digest =
        algorithm.equals("ed25519")
            ? ""
            : "Peer signing digest: SHA" + algorithm.substring(algorithm.length() - 3) + "\n";
    String type =
        algorithm.startsWith("rsa_pss")
            ? "RSA-PSS"
            : algorithm.startsWith("rsa")
                ? "RSA"
                : algorithm.startsWith("ecdsa") ? "ECDSA" : "ed25519";
    return digest + "Peer signature type: " + type + "\n";
  }

  /**
   * Our table of the library's order says truly what it picks: offered everything, then everything
   * but that, and so on until nothing is left that the key can do.
   */
  @ParameterizedTest
  @CsvSource({
    "EC_P256, -tls1_3, 1",
    "EC_P256, -tls1_2, 3",
    "EC_P384, -tls1_3, 1",
    "EC_P384, -tls1_2, 3",
    "ED25519, -tls1_3, 1",
    "RSA_2048, -tls1_3, 3",
    "RSA_2048, -tls1_2, 6"
  })
  void areWhatTheLibraryPrefersOfTheClientsOffer(TestKey key, String version, int able)
      throws Exception {
    List<String> offered = new ArrayList<>(TlsFixtures.SIGNATURES);
    try (TlsServer server = new TlsServer(host(key, TlsFixtures.SIGNATURES))) {
      for (int i = 0; i < able; i++) {
        OpenSslClient.Result result =
            OpenSslClient.connect(
                server.address(), "a.example", version, "-sigalgs", String.join(":", offered));
        String told = next(server.events.signed);
        assertThat(result.output()).as("offered %s", offered).contains(printed(told));
        assertThat(offered.remove(told)).isTrue();
      }
      OpenSslClient.connect(
          server.address(), "a.example", version, "-sigalgs", String.join(":", offered));
      assertThat(next(server.events.failed))
          .returns(HandshakeFailure.CIPHER_MISMATCH, Failed::failure);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "RSA_2048, -tls1_3, rsa_pss_rsae_sha384, true",
    "RSA_2048, -tls1_3, rsa_pss_rsae_sha256, false",
    "RSA_2048, -tls1_3, rsa_pss_rsae_sha256:rsa_pss_rsae_sha384, false",
    "RSA_2048, -tls1_2, rsa_pkcs1_sha256:rsa_pss_rsae_sha384, false",
    "RSA_2048, -tls1_2, rsa_pss_rsae_sha384, true",
    "EC_P256, -tls1_2, ecdsa_secp256r1_sha256, true",
    "EC_P256, -tls1_2, ecdsa_secp384r1_sha384, false"
  })
  void areThoseOfThePolicyOrTheClientIsRefused(
      TestKey key, String version, String offered, boolean served) throws Exception {
    Set<String> permitted = Set.of("rsa_pss_rsae_sha384", "ecdsa_secp256r1_sha256");
    try (TlsServer server = new TlsServer(host(key, permitted))) {
      OpenSslClient.Result result =
          OpenSslClient.connect(server.address(), "a.example", version, "-sigalgs", offered);
      if (served) {
        assertThat(next(server.events.signed)).isIn(permitted);
        next(server.events.succeeded);
      } else {
        Failed failed = next(server.events.failed);
        assertThat(failed.failure()).isEqualTo(HandshakeFailure.CIPHER_MISMATCH);
        assertThat(failed.detail()).contains(offered.split(":", -1)[0], "policy signing");
        assertThat(result.output()).contains("SSL alert number 40");
      }
    }
  }

  @Test
  void letTheOtherCertificateServeWhereOneIsNotPermitted() throws Exception {
    Host rsa = host(TestKey.RSA_2048, Set.of("rsa_pss_rsae_sha256"));
    Host both =
        new Host(
            "a.example",
            List.of(TlsFixtures.ecdsa(CA, "a.example"), rsa.all().get(0)),
            rsa.terms());
    try (TlsServer server = new TlsServer(both)) {
      OpenSslClient.connect(server.address(), "a.example", "-tls1_3");
      assertThat(next(server.events.signed)).isEqualTo("rsa_pss_rsae_sha256");
    }
  }

  /** RFC 9155 section 2. */
  @Test
  void areNeverSha1() throws Exception {
    try (TlsServer server = new TlsServer(host(TestKey.RSA_2048, TlsFixtures.SIGNATURES))) {
      byte[] suites = {(byte) 0xc0, 0x2f};
      byte[] groups = HelloBytes.extension(10, HelloBytes.vector16(new byte[] {0, 0x1d}));
      byte[] name = HelloBytes.extension(0, HelloBytes.sni("a.example"));
      byte[] sha1 = HelloBytes.extension(13, HelloBytes.vector16(new byte[] {2, 1}));
      for (byte[] signatures : List.of(new byte[0], sha1)) {
        byte[] hello = HelloBytes.hello(0x0303, suites, HelloBytes.join(name, groups, signatures));
        byte[] answer = TlsClient.raw(server.address(), HelloBytes.record(hello));
        assertThat(answer).containsExactly(21, 3, 3, 0, 2, 2, 40);
        assertThat(next(server.events.failed).detail().toLowerCase(Locale.ROOT))
            .containsAnyOf("rfc 9155", "0201");
      }
    }
  }
}
