package io.lockgate.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.pki.Identity;
import io.lockgate.testkit.TestCa;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ContextCacheTest {
  private final TestCa ca = TestCa.root();
  private final Identity a = TlsFixtures.ecdsa(ca, "a.example");
  private final Identity b = TlsFixtures.ecdsa(ca, "b.example");
  private final TlsTerms terms = TlsFixtures.terms(TlsFixtures.INTERMEDIATE);

  private final TicketKeys ticketKeys = new TicketKeys(new SecureRandom(), 2, () -> 0);
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
    assertThat(ticketKeys.ring(terms.ticketDomain()).installed()).isZero();
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
    assertThat(ticketKeys.ring(otherTerms.ticketDomain()).installed()).isZero();
  }

  @Nested
  class WhenAContextIsGivenUp {
    @Test
    void releasesItOnlyBehindTheBarrier() {
      ContextCache cache = cache(10);
      ServerTls kept = cache.get(a, terms);
      ServerTls gone = cache.get(b, terms);
      cache.retain(Set.of(a.digest()));

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
    void rotatingKeysMeanwhileHarmsNothing() {
      ContextCache cache = cache(10);
      ServerTls tls = cache.get(a, terms);
      tls.context().release();
      ticketKeys.rotateAll();
      tls.context();
      ticketKeys.forget(terms.ticketDomain(), tls.context());
      assertThat(ticketKeys.acceptedKeys()).isEqualTo(1);
    }
  }

  @Nested
  class TicketKeyCounts {
    @Test
    void keepCurrentAndAcceptedKeysApart() {
      TicketKeys keys = new TicketKeys(new SecureRandom(), 2, () -> 0);
      keys.ring("1");
      keys.ring("2");
      assertThat(keys.currentKeys()).isEqualTo(2);
      assertThat(keys.acceptedKeys()).isZero();
      for (int i = 0; i < 5; i++) {
        keys.rotateAll();
      }
      assertThat(keys.currentKeys()).isEqualTo(2);
      assertThat(keys.acceptedKeys()).as("two for each domain").isEqualTo(4);
      keys.acceptPrevious(0);
      keys.rotateAll();
      assertThat(keys.acceptedKeys()).isZero();
      keys.retainDomains(Set.of("1"));
      assertThat(keys.currentKeys()).isEqualTo(1);
    }

    @Test
    void ageSinceTheLastRotation() {
      long[] now = {0};
      TicketKeys keys = new TicketKeys(new SecureRandom(), 2, () -> now[0]);
      assertThat(keys.ageSeconds()).isZero();
      keys.ring("1");
      now[0] = 5_000_000_000L;
      assertThat(keys.ageSeconds()).isEqualTo(5);
      keys.rotateAll();
      assertThat(keys.ageSeconds()).isZero();
    }
  }
}
