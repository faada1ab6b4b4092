package io.lockgate.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.ManualClock;
import io.lockgate.tls.TlsFacts;
import io.lockgate.tls.TlsFacts.Resumption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClientMixTest {
  private static final Instant START = Instant.parse("2026-11-23T09:08:07Z");

  private final ManualClock clock = new ManualClock(START);
  private final ClientMix mix = new ClientMix(clock, 100);

  private void handshakes(int count, String host, String version, String group) {
    TlsFacts facts = new TlsFacts(host, version, "C", group, "h2", host, Resumption.FULL, "");
    for (int i = 0; i < count; i++) {
      mix.handshakes().handshakeSucceeded("https", facts, 1);
    }
  }

  private ClientReport the(String host) {
    return mix.report().stream().filter(report -> report.host().equals(host)).findFirst().get();
  }

  @Test
  void countsWhatHandshakesSettledOn() {
    handshakes(6, "www", "TLSv1.3", "X25519MLKEM768");
    handshakes(2, "www", "TLSv1.3", "X25519");
    handshakes(2, "www", "TLSv1.2", "");
    ClientReport report = the("www");
    assertThat(report.handshakes()).isEqualTo(10);
    assertThat(report.versions()).isEqualTo(Map.of("TLSv1.3", 8L, "TLSv1.2", 2L));
    assertThat(report.groups()).isEqualTo(Map.of("X25519MLKEM768", 6L, "X25519", 2L));
    assertThat(report.postQuantumShare()).isEqualTo(0.75);
    assertThat(report.tls12().share()).isEqualTo(0.2);
  }

  @Test
  void forgetsAfterADayHourByHour() {
    handshakes(5, "www", "TLSv1.2", "");
    clock.advance(Duration.ofHours(12));
    handshakes(3, "www", "TLSv1.3", "X25519");
    clock.advance(Duration.ofHours(11));
    assertThat(the("www").handshakes()).isEqualTo(8);
    clock.advance(Duration.ofHours(1));
    assertThat(the("www").handshakes()).isEqualTo(3);
    assertThat(the("www").versions()).containsOnlyKeys("TLSv1.3");
    clock.advance(Duration.ofHours(12));
    assertThat(mix.report()).isEmpty();
    handshakes(1, "www", "TLSv1.2", "");
    assertThat(the("www").handshakes()).isEqualTo(1);
  }

  @Test
  void busiestHostComesFirst() {
    handshakes(1, "quiet", "TLSv1.3", "X25519");
    handshakes(2, "busy", "TLSv1.3", "X25519");
    assertThat(mix.report()).extracting(ClientReport::host).isEqualTo(List.of("busy", "quiet"));
  }

  @Test
  void hostsBeyondTheBoundShareOne() {
    for (int i = 0; i < 150; i++) {
      handshakes(1, "host" + i, "TLSv1.3", "X25519");
    }
    assertThat(mix.report()).hasSize(101);
    assertThat(the("other").handshakes()).isEqualTo(50);
  }

  @Test
  void programThatComesOftenStaysAmongManyThatComeOnce() {
    HostClients host = new HostClients();
    for (int i = 0; i < 1_000; i++) {
      host.tls12("often", 16, START);
      host.tls12("once " + i, 16, START);
    }
    List<ClientReport.UserAgent> programs = host.report("www", START).tls12().userAgents();
    assertThat(programs).hasSize(HostClients.MOST_USER_AGENTS);
    assertThat(programs.get(0).userAgent()).isEqualTo("often");
    assertThat(programs.get(0).requests()).isEqualTo(16_000);
  }
}
