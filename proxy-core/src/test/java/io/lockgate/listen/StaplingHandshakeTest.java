package io.lockgate.listen;

import static io.lockgate.tls.RecordingTlsListener.next;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.listen.TlsServer.Host;
import io.lockgate.pki.Identity;
import io.lockgate.table.FlatTable;
import io.lockgate.testkit.TestCa;
import io.lockgate.testkit.TestIdentity;
import io.lockgate.testkit.TestKey;
import io.lockgate.testkit.TestOcsp;
import io.lockgate.tls.HandshakeFailure;
import io.lockgate.tls.RecordingTlsListener.Stapled;
import io.lockgate.tls.Staple;
import io.lockgate.tls.StapleResult;
import io.lockgate.tls.StapleSlot;
import io.lockgate.tls.Staples;
import io.lockgate.tls.TlsFixtures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StaplingHandshakeTest {
  private static final String STAPLED = "OCSP Response Status: successful";

  private final TestCa ca = TestCa.root();
  private final TlsServer server = new TlsServer();
  private final Map<String, Staple> staples = new HashMap<>();
  private final List<Host> hosts = new ArrayList<>();
  private final TestIdentity issued = leaf("a.example", TestKey.EC_P256);
  private final Identity identity = identity(issued);
  private final StapleSlot slot = StapleSlot.empty();

  @TempDir Path directory;

  private TestIdentity leaf(String name, TestKey key) {
    return ca.leaf(name).key(key).ocspAt("http://ocsp.example/").issue();
  }

  private static Identity identity(TestIdentity issued) {
    return Identity.of(issued.chain(), issued.key());
  }

  private byte[] response() {
    return TestOcsp.about(ca, issued.leaf()).encoded();
  }

  @BeforeEach
  void serve() {
    serve("a.example", identity);
    demand(false);
  }

  private void serve(String name, Identity... identities) {
    hosts.removeIf(host -> host.label().equals(name));
    hosts.add(
        new Host(name, List.of(identities), TlsFixtures.terms(TlsFixtures.INTERMEDIATE, "1")));
  }

  private void demand(boolean required) {
    staples.put(identity.digest(), new Staple("cert-a", required, slot));
    FlatTable.Builder<String, Staple> table = FlatTable.builder(staples.size());
    staples.forEach(table::put);
    server.serve(
        new Staples(table.build()), Optional.empty(), Optional.empty(), hosts.toArray(Host[]::new));
  }

  @AfterEach
  void close() {
    server.close();
  }

  private String connect(String... options) throws Exception {
    return OpenSslClient.connect(server.address(), "a.example", options).output();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void clientThatAsksGetsTheResponse(String version) throws Exception {
    slot.put(response());

    assertThat(connect(version, "-status")).contains(STAPLED, "Cert Status: good");
    assertThat(next(server.events.stapled)).isEqualTo(new Stapled("cert-a", StapleResult.STAPLED));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void clientThatDoesNotAskGetsNoneAndIsNotCounted(String version) throws Exception {
    slot.put(response());

    assertThat(connect(version)).doesNotContain("OCSP");
    next(server.events.succeeded);
    assertThat(server.events.stapled).isEmpty();
  }

  @Test
  void handshakesGoWithoutUntilThereIsOneAndAfterItEnded() throws Exception {
    assertThat(connect("-status")).contains("OCSP response: no response sent");
    assertThat(next(server.events.stapled).result()).isEqualTo(StapleResult.MISSING);
    slot.put(response());
    assertThat(connect("-status")).contains(STAPLED);
    assertThat(next(server.events.stapled).result()).isEqualTo(StapleResult.STAPLED);
    slot.expire();
    assertThat(connect("-status")).contains("OCSP response: no response sent");
    assertThat(next(server.events.stapled).result()).isEqualTo(StapleResult.STALE);
  }

  @Test
  void certificateWithoutAResponderIsNotApplicable() throws Exception {
    Identity plain = TlsFixtures.ecdsa(ca, "a.example");
    staples.put(plain.digest(), Staple.notApplicable("plain"));
    serve("a.example", plain);
    demand(false);

    assertThat(connect("-status")).contains("OCSP response: no response sent");
    assertThat(next(server.events.stapled))
        .isEqualTo(new Stapled("plain", StapleResult.NOT_APPLICABLE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void resumedHandshakeCarriesNoCertificateAndSoNoResponse(String version) throws Exception {
    slot.put(response());
    Path session = Files.createTempFile(directory, "session", ".pem");
    connect(version, "-status", "-sess_out", session.toString());
    next(server.events.stapled);
    String second = connect(version, "-status", "-sess_in", session.toString());

    assertThat(second).contains("Reused, TLSv1").doesNotContain(STAPLED);
    next(server.events.succeeded);
    next(server.events.succeeded);
    assertThat(server.events.stapled).isEmpty();
  }

  @Test
  void whereItIsDemandedTheHostIsRefusedWithoutAndOthersAreNot() throws Exception {
    Identity other = TlsFixtures.ecdsa(ca, "b.example");
    serve("b.example", other);
    demand(true);

    assertThat(connect("-tls1_3")).contains("alert internal error");
    var failed = next(server.events.failed);
    assertThat(failed.failure()).isEqualTo(HandshakeFailure.STAPLE_MISSING);
    assertThat(failed.host()).isEqualTo("a.example");
    assertThat(OpenSslClient.connect(server.address(), "b.example").output()).contains("hello");

    slot.put(response());
    assertThat(connect("-status")).contains(STAPLED);
    slot.expire();
    assertThat(connect("-status")).contains("alert internal error");
  }

  @Test
  void anotherIdentityOfTheHostStandsInForOneThatMustNotBeServedWithout() throws Exception {
    Identity rsa = TlsFixtures.rsa(ca, "a.example");
    serve("a.example", identity, rsa);
    demand(true);
    assertThat(connect("-tls1_3")).contains("Peer signature type: RSA-PSS");

    slot.put(response());
    assertThat(connect("-tls1_3")).contains("Peer signature type: ECDSA");
  }
}
