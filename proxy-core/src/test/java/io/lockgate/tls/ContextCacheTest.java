package io.lockgate.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.pki.Identity;
import io.lockgate.testkit.TestCa;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ContextCacheTest {
  private final TestCa ca = TestCa.root();
  private final Identity a = TlsFixtures.ecdsa(ca, "a.example");
  private final Identity b = TlsFixtures.ecdsa(ca, "b.example");
  private final TlsTerms terms = TlsFixtures.terms(TlsFixtures.INTERMEDIATE);

  private final TicketKeys ticketKeys = TlsFixtures.ticketKeys();
  private final HandshakeWorkers workers = new HandshakeWorkers(1, 1);
  private final List<Runnable> behindBarrier = new ArrayList<>();

  private void passBarrier() {
    List<Runnable> due = List.copyOf(behindBarrier);
    behindBarrier.clear();
    due.forEach(Runnable::run);
  }

  private ContextCache cache(int size) {
    return new ContextCache(size, ticketKeys, behindBarrier::add, workers);
  }

  @AfterEach
  void nothingIsLeftBehindTheBarrier() {
    assertThat(ticketKeys.installed()).isZero();
  }

  @Test
  void buildsOncePerIdentityAndTerms() {
    TlsTerms otherTerms = TlsFixtures.terms(TlsFixtures.MODERN);
    try (ContextCache cache = cache(10)) {
      ServerTls built = cache.get(a, terms);
      assertThat(cache.get(a, terms)).isSameAs(built);
      assertThat(cache.get(a, TlsFixtures.terms(TlsFixtures.INTERMEDIATE))).isSameAs(built);
      assertThat(cache.get(b, terms)).isNotSameAs(built);
      assertThat(cache.get(a, otherTerms)).isNotSameAs(built);
      assertThat(cache.size()).isEqualTo(3);
    }
    passBarrier();
    assertThat(ticketKeys.installed()).isZero();
  }

  @Nested
  class WhenAContextIsGivenUp {
    @Test
    void releasesItOnlyBehindTheBarrier() {
      ContextCache cache = cache(10);
      ServerTls kept = cache.get(a, terms);
      ServerTls gone = cache.get(b, terms);
      cache.retain(a.digest()::equals);

      assertThat(gone.context().refCnt()).isEqualTo(1);
      passBarrier();
      assertThat(gone.context().refCnt()).isZero();
      assertThat(kept.context().refCnt()).isEqualTo(1);
      cache.close();
      passBarrier();
      assertThat(kept.context().refCnt()).isZero();
    }

    @Test
    void keepsNoMoreThanTheBound() {
      ContextCache cache = cache(1);
      List<ServerTls> built = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        built.add(cache.get(i % 2 == 0 ? a : b, terms));
        assertThat(built.get(i).context().refCnt()).isPositive();
      }
      assertThat(cache.size()).isEqualTo(1);
      passBarrier();
      assertThat(built.stream().distinct().filter(tls -> tls.context().refCnt() > 0)).hasSize(1);
      cache.close();
      passBarrier();
      assertThat(built).allMatch(tls -> tls.context().refCnt() == 0);
    }

    @Test
    void changingKeysMeanwhileHarmsNothing() throws Exception {
      ContextCache cache = cache(10);
      ServerTls tls = cache.get(a, terms);
      tls.context().release();
      ticketKeys.follow(TlsFixtures.tickets(1).at(Instant.EPOCH));
      ticketKeys.forget(tls.context());
      assertThat(ticketKeys.installed()).isZero();
    }
  }
}
