package io.lockgate.staple;

import static io.lockgate.staple.StaplingScene.DAY;
import static io.lockgate.staple.StaplingScene.START;
import static io.lockgate.staple.StaplingScene.leaf;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.pki.Identity;
import io.lockgate.pki.ocsp.CertificateStatus;
import io.lockgate.pki.ocsp.StatusAnswer;
import io.lockgate.tls.StapleResult;
import io.lockgate.tls.TlsFixtures;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of responses while certificates serve, and over a reload. */
class StaplingRefreshTest {
  @TempDir private Path directory;
  private StaplingScene scene;

  @BeforeEach
  void oneCertificate() {
    scene = new StaplingScene(directory);
  }

  @Nested
  class WhileItServes {
    @BeforeEach
    void serveGood() {
      scene.responder.answer = ScriptedStatus.good(START, DAY);
      scene.serve();
      scene.responder.asked.clear();
    }

    @Test
    void asksAgainAtTheShareOfTheResponsesLife() {
      scene.pass(Duration.ofHours(12).minusSeconds(1));
      assertThat(scene.responder.asked).isEmpty();
      scene.pass(Duration.ofSeconds(1));
      assertThat(scene.responder.asked).containsExactly("www.example");
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
      scene.responder.answer = ScriptedStatus.DOWN;
      scene.pass(DAY.minusSeconds(1));
      assertThat(scene.result(scene.www)).isEqualTo(StapleResult.STAPLED);
      scene.pass(Duration.ofSeconds(1));
      assertThat(scene.result(scene.www)).isEqualTo(StapleResult.STALE);
      assertThat(scene.facts().state()).isEqualTo("stale");
      assertThat(scene.facts().lastError()).contains("refused");
    }

    @Test
    void endsInTimeEvenWhileAFetchIsUnderWay() {
      scene.pass(Duration.ofHours(11));
      scene.threads.hold();
      scene.pass(Duration.ofHours(13));

      assertThat(scene.result(scene.www)).isEqualTo(StapleResult.STALE);
    }

    @Test
    void recoversWithTheResponder() {
      scene.responder.answer = ScriptedStatus.DOWN;
      scene.pass(DAY);
      scene.responder.answer = ScriptedStatus.good(START.plus(DAY), DAY);
      scene.pass(RefreshPlan.LAST_RETRY);

      assertThat(scene.result(scene.www)).isEqualTo(StapleResult.STAPLED);
      assertThat(scene.facts().lastError()).isEmpty();
    }

    @Test
    void triesEverMoreSeldomUpToABound() {
      scene.responder.answer = ScriptedStatus.DOWN;
      scene.pass(Duration.ofHours(12));
      List<Duration> waits = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        Instant next = scene.facts().nextFetch().orElseThrow();
        waits.add(Duration.between(scene.clock.instant(), next));
        scene.pass(Duration.between(scene.clock.instant(), next));
      }

      assertThat(waits)
          .isSorted()
          .startsWith(RefreshPlan.FIRST_RETRY)
          .endsWith(RefreshPlan.LAST_RETRY);
    }

    @Test
    void keepsAGoodResponseWhenTheResponderForgotTheCertificate() {
      scene.responder.answer =
          new StatusAnswer.Verified(
              ScriptedStatus.response(CertificateStatus.UNKNOWN, START.plusSeconds(1), DAY));
      scene.pass(Duration.ofHours(12));

      assertThat(scene.facts().state()).isEqualTo("good");
      assertThat(scene.facts().lastError()).contains("does not know");
      assertThat(scene.fetched("unknown")).isEqualTo(1);
    }

    @Test
    void staplesThatItWasRevoked() {
      scene.responder.answer =
          new StatusAnswer.Verified(
              ScriptedStatus.response(CertificateStatus.REVOKED, START.plusSeconds(1), DAY));
      scene.pass(Duration.ofHours(12));

      assertThat(scene.facts().state()).isEqualTo("revoked");
      assertThat(scene.result(scene.www)).isEqualTo(StapleResult.STAPLED);
    }

    @Test
    void olderResponseDoesNotReplaceANewerOne() {
      scene.responder.answer = ScriptedStatus.good(START.minusSeconds(60), DAY);
      scene.pass(Duration.ofHours(12));

      assertThat(scene.facts().thisUpdate()).contains(START);
    }

    @Test
    void operatorMayHaveItAskedAtOnce() {
      scene.responder.answer = ScriptedStatus.good(START.plusSeconds(5), DAY);
      scene.clock.advance(Duration.ofSeconds(5));

      assertThat(scene.stapling.refreshNow(scene.www::equals))
          .isEqualTo(new RefreshReport(1, 1, 0, 0));
      assertThat(scene.facts().thisUpdate()).contains(START.plusSeconds(5));
      assertThat(scene.stapling.refreshNow(identity -> false))
          .isEqualTo(new RefreshReport(0, 0, 0, 0));
    }

    @Test
    void operatorIsToldOfFailuresAndOfWhatIsStillUnderWay() {
      scene.responder.answer = ScriptedStatus.DOWN;
      assertThat(scene.stapling.refreshNow(scene.www::equals))
          .isEqualTo(new RefreshReport(1, 0, 1, 0));
      scene.threads.hold();
      assertThat(scene.stapling.refreshNow(scene.www::equals))
          .isEqualTo(new RefreshReport(1, 0, 0, 1));
    }
  }

  @Nested
  class OnAReload {
    @BeforeEach
    void serveGood() {
      scene.responder.answer = ScriptedStatus.good(START, DAY);
      scene.serve();
      scene.responder.asked.clear();
    }

    @Test
    void whatStaysKeepsItsResponseAndWhatIsNewGetsOne() {
      Identity fresh = scene.add("fresh", leaf("fresh.example"));
      scene.serve();

      assertThat(scene.responder.asked).containsExactly("fresh.example");
      assertThat(scene.result(scene.www)).isEqualTo(StapleResult.STAPLED);
      assertThat(scene.result(fresh)).isEqualTo(StapleResult.STAPLED);
    }

    @Test
    void whatIsGoneIsForgottenOnTheDiskToo() {
      scene.entries.clear();
      scene.add("fresh", leaf("fresh.example"));
      scene.serve();
      scene.pass(DAY);

      assertThat(scene.stapling.facts(scene.www)).isEmpty();
      assertThat(scene.responder.disk).doesNotContainKey(scene.www.digest());
      assertThat(scene.responder.asked).containsOnly("fresh.example");
    }

    @Test
    void rejectedOneLeavesNoTrace() {
      Identity fresh = scene.add("fresh", leaf("fresh.example"));
      scene.prepare();
      scene.entries.remove(1);
      scene.stapling.follow(scene.config(), scene.staples);

      assertThat(scene.stapling.facts(fresh)).isEmpty();
      assertThat(scene.stapling.facts(scene.www)).isPresent();
    }

    @Test
    void stricterDemandCountsFromThenOn() {
      scene.responder.answer = ScriptedStatus.DOWN;
      Identity fresh = scene.add("fresh", leaf("fresh.example"));
      scene.serve();
      assertThat(TlsFixtures.servable(scene.staples, fresh)).isTrue();
      scene.mode = "require";
      scene.serve();

      assertThat(TlsFixtures.servable(scene.staples, fresh)).isFalse();
      assertThat(TlsFixtures.servable(scene.staples, scene.www)).isTrue();
      assertThat(scene.stapling.standing().get("fresh").held()).isEqualTo(1);
    }
  }
}
