package io.lockgate.listen;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.pki.Identity;
import io.lockgate.testkit.TestCa;
import io.lockgate.testkit.TestIdentity;
import io.lockgate.testkit.TestKey;
import io.lockgate.tls.TlsFixtures;
import io.lockgate.tls.TlsTerms;
import java.io.IOException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

/** Many more certificates than contexts are kept, asked for in random order by several clients. */
class ContextTurnoverTest {
  private static final int KEPT = 15;
  private static final int TURNOVERS = 10;
  private static final int CLIENTS = 4;

  private final TestCa ca = TestCa.root();
  private final KeyPair keys = TestKey.EC_P256.generate();
  private final TlsTerms terms = TlsFixtures.terms(TlsFixtures.INTERMEDIATE);

  @Test
  void leavesNoContextBehindAndNoConnectionInTheLurch() throws Exception {
    List<String> names =
        IntStream.range(0, KEPT * TURNOVERS).mapToObj(i -> "host-" + i + ".example").toList();
    TlsServer server = new TlsServer(KEPT, Duration.ofMinutes(1), hosts(names));
    try (server) {
      TlsClient client = new TlsClient(ca.rootCertificate());
      List<SSLSocket> held = new ArrayList<>();
      for (String name : names.subList(0, CLIENTS)) {
        SSLSocket socket = client.connect(server.address(), name);
        TlsClient.exchange(socket);
        held.add(socket);
      }

      visitAll(server, names);

      assertThat(server.contexts.size()).isEqualTo(KEPT);
      for (SSLSocket socket : held) {
        TlsClient.exchange(socket);
        socket.close();
      }
    }
    assertThat(server.ticketKeys.installed())
        .as("contexts that were built and not released")
        .isZero();
  }

  /** Every name at least once, each client in an order of its own. */
  private void visitAll(TlsServer server, List<String> names) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(CLIENTS);
    try {
      List<Future<?>> visits = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        List<String> share = new ArrayList<>(names.subList(0, KEPT / CLIENTS));
        for (int at = i; at < names.size(); at += CLIENTS) {
          share.add(names.get(at));
        }
        Collections.shuffle(share, new Random(i));
        TlsClient client = new TlsClient(ca.rootCertificate());
        visits.add(executor.submit(() -> visit(client, server, share)));
      }
      for (Future<?> visit : visits) {
        visit.get();
      }
    } finally {
      executor.shutdownNow();
    }
  }

  private static Void visit(TlsClient client, TlsServer server, List<String> names)
      throws IOException {
    for (String name : names) {
      client.visit(server.address(), name);
    }
    return null;
  }

  private TlsServer.Host[] hosts(List<String> names) {
    return names.stream()
        .map(
            name -> {
              TestIdentity issued = ca.leaf(name).key(TestKey.EC_P256, keys).issue();
              Identity identity = Identity.of(issued.chain(), issued.key());
              return new TlsServer.Host(name, List.of(identity), terms);
            })
        .toArray(TlsServer.Host[]::new);
  }
}
