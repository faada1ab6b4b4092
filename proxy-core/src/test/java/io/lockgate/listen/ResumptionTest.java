package io.lockgate.listen;

import static io.lockgate.tls.RecordingTlsListener.next;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.listen.TlsServer.Host;
import io.lockgate.testkit.TestCa;
import io.lockgate.tls.TlsFacts.Resumption;
import io.lockgate.tls.TlsFixtures;
import io.lockgate.tls.TlsTerms;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResumptionTest {
  private final TestCa ca = TestCa.root();

  @TempDir Path directory;

  private Host host(String name, TlsTerms terms) {
    return new Host(name, List.of(TlsFixtures.ecdsa(ca, name)), terms);
  }

  private Host host(String name, String domain) {
    return host(name, TlsFixtures.terms(TlsFixtures.INTERMEDIATE, domain));
  }

  /** A full handshake that leaves its session in a file. */
  private Path session(TlsServer server, String name, String... options) throws Exception {
    Path file = Files.createTempFile(directory, "session", ".pem");
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of("-sess_out", file.toString()));
    OpenSslClient.connect(server.address(), name, all.toArray(String[]::new));
    assertThat(next(server.events.succeeded).resumption()).isEqualTo(Resumption.FULL);
    return file;
  }

  private Resumption resume(TlsServer server, String name, Path session, String... options)
      throws Exception {
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of("-sess_in", session.toString()));
    OpenSslClient.Result result =
        OpenSslClient.connect(server.address(), name, all.toArray(String[]::new));
    Resumption told = next(server.events.succeeded).resumption();
    assertThat(result.resumed()).as(result.output()).isEqualTo(told != Resumption.FULL);
    return told;
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void resumesByTicketWithinADomainAndNotAcross(String version) throws Exception {
    try (TlsServer server =
        new TlsServer(host("a.example", "1"), host("b.example", "1"), host("c.example", "2"))) {
      Path session = session(server, "a.example", version);
      assertThat(resume(server, "a.example", session, version)).isEqualTo(Resumption.TICKET);
      assertThat(resume(server, "b.example", session, version)).isEqualTo(Resumption.TICKET);
      assertThat(resume(server, "c.example", session, version)).isEqualTo(Resumption.FULL);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void acceptsTicketsOfAsManyEarlierKeysAsAreKept(String version) throws Exception {
    try (TlsServer server = new TlsServer(host("a.example", "1"))) {
      Path session = session(server, "a.example", version);
      server.rotate();
      assertThat(resume(server, "a.example", session, version)).isEqualTo(Resumption.TICKET);
      server.rotate();
      assertThat(resume(server, "a.example", session, version)).isEqualTo(Resumption.FULL);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void acceptsTicketsInAContextThatWasBuiltAfterThem(String version) throws Exception {
    try (TlsServer server = new TlsServer(host("a.example", "1"))) {
      Path session = session(server, "a.example", version);
      server.contexts.close();
      server.rotate();
      assertThat(resume(server, "a.example", session, version)).isEqualTo(Resumption.TICKET);
    }
  }

  @Test
  void resumesSessionIdsFromTheContextsCache() throws Exception {
    try (TlsServer server = new TlsServer(host("a.example", "1"))) {
      Path session = session(server, "a.example", "-tls1_2", "-no_ticket");
      assertThat(resume(server, "a.example", session, "-tls1_2", "-no_ticket"))
          .isEqualTo(Resumption.CACHE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void resumesNothingWhereTicketsAndCacheAreOff(String version) throws Exception {
    try (TlsServer server =
        new TlsServer(host("a.example", TlsFixtures.withoutTickets(TlsFixtures.INTERMEDIATE, 0)))) {
      Path session = session(server, "a.example", version);
      if (Files.size(session) > 0) {
        assertThat(resume(server, "a.example", session, version)).isEqualTo(Resumption.FULL);
      }
      OpenSslClient.Result result =
          OpenSslClient.connect(server.address(), "a.example", version, "-msg");
      assertThat(result.output()).doesNotContain("NewSessionTicket");
    }
  }
}
