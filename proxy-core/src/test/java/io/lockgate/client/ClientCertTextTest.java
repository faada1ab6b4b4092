package io.lockgate.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.pki.ClientIdentity;
import io.lockgate.pki.ClientVerdict;
import io.lockgate.pki.ClientVerifier;
import io.lockgate.pki.TrustBundle;
import io.lockgate.testkit.TestCa;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClientCertTextTest {
  private static final TestCa CA = TestCa.root();

  private static String forwarded(String subject, String... names) {
    ClientVerifier verifier =
        ClientVerifier.of(TrustBundle.of(List.of(CA.certificate())), List.of(), Clock.systemUTC());
    ClientVerdict verdict =
        verifier.verify(CA.leaf(names).subject(subject).forClient().issue().chain());
    ClientIdentity identity = ((ClientVerdict.Accepted) verdict).identity();
    return ClientCertText.forwarded(identity).replace(identity.fingerprint(), "HEX");
  }

  @Test
  void listsWhatEnvoyLists() {
    assertThat(forwarded("CN=ann,O=Corp", "spiffe://corp/a", "a.example", "b.example"))
        .isEqualTo(
            "Hash=HEX;Subject=\"CN=ann,O=Corp\";URI=spiffe://corp/a;DNS=a.example;DNS=b.example");
  }

  @Test
  void nameCannotPassForAnotherPartOfTheElement() {
    assertThat(forwarded("CN=a", "https://x/;URI=spiffe://corp/admin,Hash=b"))
        .isEqualTo("Hash=HEX;Subject=\"CN=a\";URI=\"https://x/;URI=spiffe://corp/admin,Hash=b\"");
    assertThat(forwarded("CN=a\\\"\\;URI=spiffe://corp/admin"))
        .matches("Hash=HEX;Subject=\"CN=a\\\\22\\\\;URI\\\\?=spiffe://corp/admin\"");
  }

  @Test
  void everythingIsPlainAscii() {
    assertThat(forwarded("CN=\u00e9\u4e2d"))
        .isEqualTo("Hash=HEX;Subject=\"CN=\\C3\\A9\\E4\\B8\\AD\"");
  }
}
