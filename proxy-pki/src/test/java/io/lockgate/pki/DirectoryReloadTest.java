package io.lockgate.pki;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.TestCa;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory of certificates that is loaded again. */
class DirectoryReloadTest {
  private final TestCa ca = TestCa.root();
  private final IdentityLoader loader = new IdentityLoader(Clock.systemUTC(), Map.of());

  @TempDir private Path directory;

  private IdentityCatalog load(IdentityCatalog before) {
    return loader.load(TestConfig.of(TestConfig.tenants(directory)), before, 2);
  }

  @Test
  void keepsTheVeryEntriesButOfWhatChanged() {
    ca.issue("a.example").writeTo(directory, "a");
    ca.issue("c.example").writeTo(directory, "c");
    IdentityCatalog first = load(IdentityCatalog.EMPTY);
    ca.issue("b.example").writeTo(directory, "b");
    ca.issue("c.example").writeTo(directory, "c");
    IdentityCatalog second = load(first);
    assertThat(second.entries())
        .extracting(CertificateEntry::name)
        .containsExactly("tenants/a.pem", "tenants/b.pem", "tenants/c.pem");
    assertThat(second.entry("tenants/a.pem").orElseThrow())
        .isSameAs(first.entry("tenants/a.pem").orElseThrow());
    assertThat(second.entry("tenants/c.pem")).isNotEqualTo(first.entry("tenants/c.pem"));
    assertThat(second.sameIdentities(first)).isFalse();
  }

  @Test
  void forgetsWhatTheDirectoryNoLongerHolds() throws IOException {
    Path gone = ca.issue("a.example").writeTo(directory, "a");
    ca.issue("b.example").writeTo(directory, "b");
    IdentityCatalog first = load(IdentityCatalog.EMPTY);
    Files.delete(gone);
    assertThat(load(first).entries())
        .extracting(CertificateEntry::name)
        .containsExactly("tenants/b.pem");
  }
}
