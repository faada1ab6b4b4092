package io.lockgate.staple;

import static io.lockgate.staple.StaplingScene.CA;
import static io.lockgate.staple.StaplingScene.DAY;
import static io.lockgate.staple.StaplingScene.START;
import static io.lockgate.staple.StaplingScene.entry;
import static io.lockgate.staple.StaplingScene.leaf;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.pki.Identity;
import io.lockgate.pki.ocsp.CertificateStatus;
import io.lockgate.tls.StapleResult;
import io.lockgate.tls.TlsFixtures;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When certificates get their response, and whether they are served without one. */
class StaplingTest {
  @TempDir private Path directory;
  private StaplingScene scene;

  @BeforeEach
  void oneCertificate() {
    scene = new StaplingScene(directory);
  }

  @Nested
  class BeforeACertificateServes {
    @Test
    void itsResponseIsFetchedAndKept() {
      scene.responder.answer = ScriptedStatus.good(START, DAY);
      scene.serve();

      assertThat(scene.result(scene.www)).isEqualTo(StapleResult.STAPLED);
      assertThat(scene.responder.disk).containsKey(scene.www.digest());
      assertThat(scene.fetched("good")).isEqualTo(1);
    }

    @Test
    void oneFetchIsEnoughForManyCertificatesOfOneIdentity() {
      scene.entries.add(entry("again", scene.www));
      scene.responder.answer = ScriptedStatus.good(START, DAY);
      scene.serve();

      assertThat(scene.responder.asked).containsExactly("www.example");
    }

    @Test
    void freshResponseOnTheDiskSparesTheFetch() {
      scene.responder.disk.put(
          scene.www.digest(), ScriptedStatus.response(CertificateStatus.GOOD, START, DAY));
      scene.serve();

      assertThat(scene.result(scene.www)).isEqualTo(StapleResult.STAPLED);
      assertThat(scene.responder.asked).isEmpty();
    }

    @Test
    void oldResponseOnTheDiskServesWhileTheResponderIsDown() {
      scene.responder.disk.put(
          scene.www.digest(),
          ScriptedStatus.response(CertificateStatus.GOOD, START.minus(Duration.ofHours(20)), DAY));
      scene.serve();

      assertThat(scene.result(scene.www)).isEqualTo(StapleResult.STAPLED);
      assertThat(scene.responder.asked).containsExactly("www.example");
    }

    @Test
    void waitsNoLongerThanTheTimeoutForAllOfThem() {
      scene.threads.hold();
      for (int i = 0; i < 1000; i++) {
        scene.entries.add(entry("c" + i, scene.www));
      }
      scene.add("other", leaf("other.example"));
      scene.serve();
      assertThat(scene.result(scene.www)).isEqualTo(StapleResult.MISSING);

      scene.responder.answer = ScriptedStatus.good(START, DAY);
      scene.threads.runAll();
      assertThat(scene.result(scene.www)).as("comes in later").isEqualTo(StapleResult.STAPLED);
    }

    @Test
    void nothingIsBegunForCertificatesWithoutAResponder() {
      scene.entries.clear();
      Identity plain = scene.add("plain", CA.leaf("plain.example"));
      scene.serve();

      assertThat(scene.result(plain)).isEqualTo(StapleResult.NOT_APPLICABLE);
      assertThat(scene.threads.ticking).isFalse();
      assertThat(scene.stapling.facts(plain)).isEmpty();
    }

    @Test
    void nothingIsBegunWhereStaplingIsOff() {
      scene.mode = "off";
      scene.serve();

      assertThat(scene.result(scene.www)).isEqualTo(StapleResult.NOT_APPLICABLE);
      assertThat(scene.responder.asked).isEmpty();
    }
  }

  @Nested
  class WhereAResponseIsDemanded {
    @Test
    void mustStapleDemandsItWithoutTheConfiguration() {
      Identity promising = scene.add("promising", leaf("promising.example").mustStaple());
      scene.serve();

      assertThat(TlsFixtures.servable(scene.staples, promising)).isFalse();
      assertThat(TlsFixtures.servable(scene.staples, scene.www)).isTrue();
    }

    @Test
    void switchedOffItIsServedWithout() {
      scene.mode = "off";
      Identity promising = scene.add("promising", leaf("promising.example").mustStaple());
      scene.serve();

      assertThat(TlsFixtures.servable(scene.staples, promising)).isTrue();
    }

    @Test
    void certificateThatNamesNoResponderIsServedWithout() {
      scene.mode = "require";
      Identity plain = scene.add("plain", CA.leaf("plain.example"));
      scene.serve();

      assertThat(TlsFixtures.servable(scene.staples, plain)).isTrue();
    }

    @Test
    void endOfTheResponseEndsTheServing() {
      scene.mode = "require";
      scene.responder.answer = ScriptedStatus.good(START, DAY);
      scene.serve();
      scene.responder.answer = ScriptedStatus.DOWN;
      assertThat(TlsFixtures.servable(scene.staples, scene.www)).isTrue();
      scene.pass(DAY);

      assertThat(TlsFixtures.servable(scene.staples, scene.www)).isFalse();
      assertThat(scene.stapling.standing().get("www").held()).isEqualTo(1);
    }
  }

  @Nested
  class AResponderThatIsDown {
    @Test
    void isLeftAloneAfterAFewFailuresWhicheverCertificatesNeedIt() {
      for (int i = 0; i < 100; i++) {
        scene.add("c" + i, leaf("c" + i + ".example"));
      }
      scene.serve();

      assertThat(scene.responder.asked).hasSize(Responders.PATIENCE);
      assertThat(scene.facts().nextFetch()).isPresent();
    }

    @Test
    void isAskedAgainForAllOnceItAnswers() {
      for (int i = 0; i < 20; i++) {
        scene.add("c" + i, leaf("c" + i + ".example"));
      }
      scene.serve();
      scene.responder.answer = ScriptedStatus.good(START, DAY);
      scene.pass(RefreshPlan.LAST_RETRY);

      assertThat(scene.entries).allMatch(e -> scene.result(e.identity()) == StapleResult.STAPLED);
    }

    @Test
    void isAskedAtOnceWhenAnOperatorWishes() {
      for (int i = 0; i < 20; i++) {
        scene.add("c" + i, leaf("c" + i + ".example"));
      }
      scene.serve();
      scene.responder.answer = ScriptedStatus.good(START, DAY);

      assertThat(scene.stapling.refreshNow(any -> true)).isEqualTo(new RefreshReport(21, 21, 0, 0));
    }
  }
}
