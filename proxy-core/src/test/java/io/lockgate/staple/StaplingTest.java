package io.lockgate.staple;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.config.hocon.ConfigReader;
import io.lockgate.config.hocon.ConfigResult;
import io.lockgate.config.model.ProxyConfig;
import io.lockgate.pki.CertificateEntry;
import io.lockgate.pki.Identity;
import io.lockgate.pki.IdentityCatalog;
import io.lockgate.pki.ocsp.CertificateStatus;
import io.lockgate.pki.ocsp.StatusAnswer;
import io.lockgate.testkit.ManualClock;
import io.lockgate.testkit.TestCa;
import io.lockgate.testkit.TestIdentity;
import io.lockgate.testkit.TestLeaf;
import io.lockgate.tls.StapleResult;
import io.lockgate.tls.Staples;
import io.lockgate.tls.TlsFixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StaplingTest {
  private static final Instant START = Instant.parse("2026-11-23T12:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);
  private static final TestCa CA = TestCa.root().intermediate("Issuing CA");

  private final ManualClock clock = new ManualClock(START);
  private final ScriptedStatus responder = new ScriptedStatus();
  private final ManualThreads threads = new ManualThreads();
  private final Stapling stapling = new Stapling(clock, responder, threads, () -> 0);
  private final List<CertificateEntry> entries = new ArrayList<>();
  private Identity www;
  private Staples staples = Staples.NONE;
  private String mode = "prefer";

  @TempDir Path directory;

  @BeforeEach
  void certificate() {
    www = add("www", leaf("www.example"));
  }

  private static TestLeaf leaf(String name) {
    return CA.leaf(name).ocspAt("http://ocsp.example/");
  }

  private Identity add(String name, TestLeaf leaf) {
    TestIdentity issued = leaf.issue();
    Identity identity = Identity.of(issued.chain(), issued.key());
    entries.add(entry(name, identity));
    return identity;
  }

  private static CertificateEntry entry(String name, Identity identity) {
    return new CertificateEntry(name, name, name + ".pem", Optional.empty(), identity, List.of());
  }

  private ProxyConfig config() {
    StringBuilder certificates = new StringBuilder();
    for (CertificateEntry entry : entries) {
      certificates.append(entry.name()).append(" { chain = \"empty.pem\" }\n");
    }
    try {
      Files.writeString(directory.resolve("empty.pem"), "");
      Path file = directory.resolve("lockgate.conf");
      Files.writeString(
          file,
          """
          lockgate {
            listeners { https { address = "127.0.0.1:0" } }
            tls.ocsp { staple = %s, timeout = 50ms }
            certificates { %s }
            hosts { "www.example" { routes = [ { path = "/", respond { status = 200 } } ] } }
          }
          """
              .formatted(mode, certificates));
      ConfigResult result = ConfigReader.read(file, Map.of());
      if (result instanceof ConfigResult.Valid valid) {
        return valid.config();
      }
      throw new AssertionError(result.problems().toString());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Staples prepare() {
    return stapling.prepare(config(), IdentityCatalog.of(entries));
  }

  private void serve() {
    staples = prepare();
    stapling.follow(config(), staples);
  }

  private void pass(Duration time) {
    clock.advance(time);
    stapling.tick();
  }

  private StapleResult result(Identity identity) {
    return TlsFixtures.result(staples, identity);
  }

  private StapleFacts facts() {
    return stapling.facts(www).orElseThrow();
  }

  private long fetched(String result) {
    long[] count = {0};
    stapling.fetches((certificate, what, n) -> count[0] += what.equals(result) ? n : 0);
    return count[0];
  }

  @Nested
  class BeforeACertificateServes {
    @Test
    void itsResponseIsFetchedAndKept() {
      responder.answer = ScriptedStatus.good(START, DAY);
      serve();

      assertThat(result(www)).isEqualTo(StapleResult.STAPLED);
      assertThat(responder.disk).containsKey(www.digest());
      assertThat(fetched("good")).isEqualTo(1);
    }

    @Test
    void oneFetchIsEnoughForManyCertificatesOfOneIdentity() {
      entries.add(entry("again", www));
      responder.answer = ScriptedStatus.good(START, DAY);
      serve();

      assertThat(responder.asked).containsExactly("www.example");
    }

    @Test
    void freshResponseOnTheDiskSparesTheFetch() {
      responder.disk.put(www.digest(), ScriptedStatus.response(CertificateStatus.GOOD, START, DAY));
      serve();

      assertThat(result(www)).isEqualTo(StapleResult.STAPLED);
      assertThat(responder.asked).isEmpty();
    }

    @Test
    void oldResponseOnTheDiskServesWhileTheResponderIsDown() {
      responder.disk.put(
          www.digest(),
          ScriptedStatus.response(CertificateStatus.GOOD, START.minus(Duration.ofHours(20)), DAY));
      serve();

      assertThat(result(www)).isEqualTo(StapleResult.STAPLED);
      assertThat(responder.asked).containsExactly("www.example");
    }

    @Test
    void waitsNoLongerThanTheTimeoutForAllOfThem() {
      threads.hold();
      for (int i = 0; i < 1000; i++) {
        entries.add(entry("c" + i, www));
      }
      add("other", leaf("other.example"));
      serve();
      assertThat(result(www)).isEqualTo(StapleResult.MISSING);

      responder.answer = ScriptedStatus.good(START, DAY);
      threads.runAll();
      assertThat(result(www)).as("comes in later").isEqualTo(StapleResult.STAPLED);
    }

    @Test
    void nothingIsBegunForCertificatesWithoutAResponder() {
      entries.clear();
      Identity plain = add("plain", CA.leaf("plain.example"));
      serve();

      assertThat(result(plain)).isEqualTo(StapleResult.NOT_APPLICABLE);
      assertThat(threads.ticking).isFalse();
      assertThat(stapling.facts(plain)).isEmpty();
    }

    @Test
    void nothingIsBegunWhereStaplingIsOff() {
      mode = "off";
      serve();

      assertThat(result(www)).isEqualTo(StapleResult.NOT_APPLICABLE);
      assertThat(responder.asked).isEmpty();
    }
  }

  @Nested
  class WhileItServes {
    @BeforeEach
    void serveGood() {
      responder.answer = ScriptedStatus.good(START, DAY);
      serve();
      responder.asked.clear();
    }

    @Test
    void asksAgainAtTheShareOfTheResponsesLife() {
      pass(Duration.ofHours(12).minusSeconds(1));
      assertThat(responder.asked).isEmpty();
      pass(Duration.ofSeconds(1));
      assertThat(responder.asked).containsExactly("www.example");
    }

    @Test
    void serversOfAFleetDoNotAskAtTheSameTime() {
      RefreshPlan early = new RefreshPlan(() -> 1);
      var response = ScriptedStatus.response(CertificateStatus.GOOD, START, DAY);

      assertThat(early.afterResponse(response, 50, START))
          .isEqualTo(START.plus(Duration.ofHours(12)).minus(Duration.ofMinutes(72)));
    }

    @Test
    void responseOutlivesTheResponderUntilItEnds() {
      responder.answer = ScriptedStatus.DOWN;
      pass(DAY.minusSeconds(1));
      assertThat(result(www)).isEqualTo(StapleResult.STAPLED);
      pass(Duration.ofSeconds(1));
      assertThat(result(www)).isEqualTo(StapleResult.STALE);
      assertThat(facts().state()).isEqualTo("stale");
      assertThat(facts().lastError()).contains("refused");
    }

    @Test
    void endsInTimeEvenWhileAFetchIsUnderWay() {
      pass(Duration.ofHours(11));
      threads.hold();
      pass(Duration.ofHours(13));

      assertThat(result(www)).isEqualTo(StapleResult.STALE);
    }

    @Test
    void recoversWithTheResponder() {
      responder.answer = ScriptedStatus.DOWN;
      pass(DAY);
      responder.answer = ScriptedStatus.good(START.plus(DAY), DAY);
      pass(RefreshPlan.LAST_RETRY);

      assertThat(result(www)).isEqualTo(StapleResult.STAPLED);
      assertThat(facts().lastError()).isEmpty();
    }

    @Test
    void triesEverMoreSeldomUpToABound() {
      responder.answer = ScriptedStatus.DOWN;
      pass(Duration.ofHours(12));
      List<Duration> waits = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        Instant next = facts().nextFetch().orElseThrow();
        waits.add(Duration.between(clock.instant(), next));
        pass(Duration.between(clock.instant(), next));
      }

      assertThat(waits)
          .isSorted()
          .startsWith(RefreshPlan.FIRST_RETRY)
          .endsWith(RefreshPlan.LAST_RETRY);
    }

    @Test
    void keepsAGoodResponseWhenTheResponderForgotTheCertificate() {
      responder.answer =
          new StatusAnswer.Verified(
              ScriptedStatus.response(CertificateStatus.UNKNOWN, START.plusSeconds(1), DAY));
      pass(Duration.ofHours(12));

      assertThat(facts().state()).isEqualTo("good");
      assertThat(facts().lastError()).contains("does not know");
      assertThat(fetched("unknown")).isEqualTo(1);
    }

    @Test
    void staplesThatItWasRevoked() {
      responder.answer =
          new StatusAnswer.Verified(
              ScriptedStatus.response(CertificateStatus.REVOKED, START.plusSeconds(1), DAY));
      pass(Duration.ofHours(12));

      assertThat(facts().state()).isEqualTo("revoked");
      assertThat(result(www)).isEqualTo(StapleResult.STAPLED);
    }

    @Test
    void olderResponseDoesNotReplaceANewerOne() {
      responder.answer = ScriptedStatus.good(START.minusSeconds(60), DAY);
      pass(Duration.ofHours(12));

      assertThat(facts().thisUpdate()).contains(START);
    }

    @Test
    void operatorMayHaveItAskedAtOnce() {
      responder.answer = ScriptedStatus.good(START.plusSeconds(5), DAY);
      clock.advance(Duration.ofSeconds(5));

      assertThat(stapling.refreshNow(www::equals)).isEqualTo(new RefreshReport(1, 1, 0, 0));
      assertThat(facts().thisUpdate()).contains(START.plusSeconds(5));
      assertThat(stapling.refreshNow(identity -> false)).isEqualTo(new RefreshReport(0, 0, 0, 0));
    }

    @Test
    void operatorIsToldOfFailuresAndOfWhatIsStillUnderWay() {
      responder.answer = ScriptedStatus.DOWN;
      assertThat(stapling.refreshNow(www::equals)).isEqualTo(new RefreshReport(1, 0, 1, 0));
      threads.hold();
      assertThat(stapling.refreshNow(www::equals)).isEqualTo(new RefreshReport(1, 0, 0, 1));
    }
  }

  @Nested
  class OnAReload {
    @BeforeEach
    void serveGood() {
      responder.answer = ScriptedStatus.good(START, DAY);
      serve();
      responder.asked.clear();
    }

    @Test
    void whatStaysKeepsItsResponseAndWhatIsNewGetsOne() {
      Identity fresh = add("fresh", leaf("fresh.example"));
      serve();

      assertThat(responder.asked).containsExactly("fresh.example");
      assertThat(result(www)).isEqualTo(StapleResult.STAPLED);
      assertThat(result(fresh)).isEqualTo(StapleResult.STAPLED);
    }

    @Test
    void whatIsGoneIsForgottenOnTheDiskToo() {
      entries.clear();
      add("fresh", leaf("fresh.example"));
      serve();
      pass(DAY);

      assertThat(stapling.facts(www)).isEmpty();
      assertThat(responder.disk).doesNotContainKey(www.digest());
      assertThat(responder.asked).containsOnly("fresh.example");
    }

    @Test
    void rejectedOneLeavesNoTrace() {
      Identity fresh = add("fresh", leaf("fresh.example"));
      prepare();
      entries.remove(1);
      stapling.follow(config(), staples);

      assertThat(stapling.facts(fresh)).isEmpty();
      assertThat(stapling.facts(www)).isPresent();
    }

    @Test
    void stricterDemandCountsFromThenOn() {
      responder.answer = ScriptedStatus.DOWN;
      Identity fresh = add("fresh", leaf("fresh.example"));
      serve();
      assertThat(TlsFixtures.servable(staples, fresh)).isTrue();
      mode = "require";
      serve();

      assertThat(TlsFixtures.servable(staples, fresh)).isFalse();
      assertThat(TlsFixtures.servable(staples, www)).isTrue();
      assertThat(stapling.standing().get("fresh").held()).isEqualTo(1);
    }
  }

  @Nested
  class WhereAResponseIsDemanded {
    @Test
    void mustStapleDemandsItWithoutTheConfiguration() {
      Identity promising = add("promising", leaf("promising.example").mustStaple());
      serve();

      assertThat(TlsFixtures.servable(staples, promising)).isFalse();
      assertThat(TlsFixtures.servable(staples, www)).isTrue();
    }

    @Test
    void switchedOffItIsServedWithout() {
      mode = "off";
      Identity promising = add("promising", leaf("promising.example").mustStaple());
      serve();

      assertThat(TlsFixtures.servable(staples, promising)).isTrue();
    }

    @Test
    void certificateThatNamesNoResponderIsServedWithout() {
      mode = "require";
      Identity plain = add("plain", CA.leaf("plain.example"));
      serve();

      assertThat(TlsFixtures.servable(staples, plain)).isTrue();
    }

    @Test
    void endOfTheResponseEndsTheServing() {
      mode = "require";
      responder.answer = ScriptedStatus.good(START, DAY);
      serve();
      responder.answer = ScriptedStatus.DOWN;
      assertThat(TlsFixtures.servable(staples, www)).isTrue();
      pass(DAY);

      assertThat(TlsFixtures.servable(staples, www)).isFalse();
      assertThat(stapling.standing().get("www").held()).isEqualTo(1);
    }
  }

  @Nested
  class AResponderThatIsDown {
    @Test
    void isLeftAloneAfterAFewFailuresWhicheverCertificatesNeedIt() {
      for (int i = 0; i < 100; i++) {
        add("c" + i, leaf("c" + i + ".example"));
      }
      serve();

      assertThat(responder.asked).hasSize(Responders.PATIENCE);
      assertThat(facts().nextFetch()).isPresent();
    }

    @Test
    void isAskedAgainForAllOnceItAnswers() {
      for (int i = 0; i < 20; i++) {
        add("c" + i, leaf("c" + i + ".example"));
      }
      serve();
      responder.answer = ScriptedStatus.good(START, DAY);
      pass(RefreshPlan.LAST_RETRY);

      assertThat(entries).allMatch(e -> result(e.identity()) == StapleResult.STAPLED);
    }

    @Test
    void isAskedAtOnceWhenAnOperatorWishes() {
      for (int i = 0; i < 20; i++) {
        add("c" + i, leaf("c" + i + ".example"));
      }
      serve();
      responder.answer = ScriptedStatus.good(START, DAY);

      assertThat(stapling.refreshNow(any -> true)).isEqualTo(new RefreshReport(21, 21, 0, 0));
    }
  }
}
