package io.lockgate.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.config.model.ConfigProblem;
import io.lockgate.config.model.HostPattern;
import io.lockgate.pki.CertificateEntry;
import io.lockgate.pki.Identity;
import io.lockgate.testkit.TestCa;
import io.lockgate.testkit.TestIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostCoverageTest {
  private static final TestCa CA = TestCa.root();

  @ParameterizedTest
  @CsvSource({
    "a.example,        a.example,        true",
    "b.example,        a.example,        false",
    "www.example.com,  *.example.com,    true",
    "example.com,      *.example.com,    false",
    "a.b.example.com,  *.example.com,    false",
    "*.example.com,    *.example.com,    true",
    "*.example.com,    h1.example.com,   true",
    "*.example.com,    example.com,      false",
    "*.example.com,    a.b.example.com,  false",
    "localhost,        localhost,        true",
    "*.localhost,      localhost,        false",
    "127.0.0.1,        127.0.0.1,        true",
    "::1,              ::1,              true",
    "0:0:0:0:0:0:0:1,  ::1,              true",
    "::2,              ::1,              false",
  })
  void coversWhatClientsWouldAccept(String host, String certificateName, boolean covered) {
    HostCoverage coverage = new HostCoverage(List.of(certificate(certificateName)));
    assertThat(coverage.covering(HostPattern.parse(host))).hasSize(covered ? 1 : 0);
  }

  @Test
  void aNameOfOneLabelIsBelowNoWildcard(@TempDir Path directory) throws IOException {
    try (TestGenerations generations = new TestGenerations(directory)) {
      CA.issue("localhost").writeTo(directory, "www");
      BuildResult result =
          generations.tryBuild(
              TestGenerations.LISTENERS
                  + "hosts { \"*.localhost\" { routes = [ { path = \"/\", respond { status = 200 } } ] } }");
      assertThat(result.problems())
          .extracting(ConfigProblem::code)
          .containsExactly("uncovered-host");
    }
  }

  private static CertificateEntry certificate(String name) {
    TestIdentity issued = CA.issue(name);
    Identity identity = Identity.of(issued.chain(), issued.key());
    return new CertificateEntry("c", "c", "c.pem", Optional.empty(), identity, List.of());
  }
}
