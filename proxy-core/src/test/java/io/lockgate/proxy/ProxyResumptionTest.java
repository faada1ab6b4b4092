package io.lockgate.proxy;

import static io.lockgate.proxy.ResumptionScene.CA;
import static io.lockgate.proxy.ResumptionScene.metric;
import static io.lockgate.proxy.ResumptionScene.visit;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.metrics.Metric;
import io.lockgate.pki.Identity;
import io.lockgate.proxy.ResumptionScene.Kind;
import io.lockgate.testkit.Patience;
import io.lockgate.testkit.TestCa;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whether sessions resume at a whole proxy, by openssl as the client. */
class ProxyResumptionTest {
  @TempDir private Path directory;
  private ResumptionScene scene;

  @BeforeEach
  void issueCertificates() {
    scene = new ResumptionScene(directory);
  }

  @AfterEach
  void close() {
    scene.close();
  }

  @ParameterizedTest
  @EnumSource
  void aSessionResumesAtItsHostAndNoOther(Kind kind) throws Exception {
    Proxy proxy = scene.start("");
    Path session = scene.session(proxy, kind);
    assertThat(scene.resumes(proxy, kind, session)).isTrue();
    assertThat(scene.resumes(proxy, kind, "x.w.example", session)).as("the same host").isTrue();
    assertThat(scene.resumes(proxy, kind, "b.example", session)).isFalse();
    Patience.until(
        "handshakes are counted by how they resumed",
        () ->
            metric(proxy, Metric.TLS_HANDSHAKES, kind.label) == 2
                && metric(proxy, Metric.TLS_HANDSHAKES, "full") == 2);
  }

  @Test
  void aCertificateThatComesBackBeforeItWasForgottenKeepsItsCount() throws Exception {
    Proxy proxy = scene.start("");
    visit(proxy, Kind.TICKET_1_3, "a.example");
    Identity identity = proxy.certificates().entries().iterator().next().identity();
    Patience.until("it is counted", () -> proxy.handshakes(identity) == 1);
    CA.issue("a.example", "b.example", "*.w.example").writeTo(directory, "other");
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch turned = new CountDownLatch(1);
    proxy.loops().all().get(0).executor().execute(() -> awaitUninterruptibly(held));
    scene.configure("", "certificates.www { chain = \"other.pem\", key = \"other.key\" }");
    scene.reload(proxy);
    scene.configure("");
    scene.reload(proxy);
    proxy.loops().afterBarrier(turned::countDown);
    held.countDown();
    turned.await();
    // Comes after what the barriers of the reloads have asked for.
    proxy.reload("test");
    assertThat(proxy.handshakes(identity)).isEqualTo(1);
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSessionOutlivesAReload(Kind kind) throws Exception {
    Proxy proxy = scene.start("");
    Path session = scene.session(proxy, kind);
    scene.configure("rotate-every = 3h", "http.idle-timeout = 7s");
    scene.reload(proxy);
    assertThat(scene.resumes(proxy, kind, session)).isTrue();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ID_1_2")
  void aTicketOutlivesTheCertificate(Kind kind) throws Exception {
    Proxy proxy = scene.start("");
    Path session = scene.session(proxy, kind);
    scene.issue();
    scene.reload(proxy);
    assertThat(scene.resumes(proxy, kind, session)).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void aSessionEndsWithThePolicyItWasBegunUnder(Kind kind) throws Exception {
    Proxy proxy = scene.start("");
    Path session = scene.session(proxy, kind);
    scene.configure("", "tls.policy = other");
    scene.reload(proxy);
    assertThat(scene.resumes(proxy, kind, session)).isFalse();
  }

  /** Or whoever was let in without a certificate would stay in (the way of CVE-2025-23419). */
  @ParameterizedTest
  @EnumSource
  void aSessionEndsWithTheDemandsOnClientsItWasBegunUnder(Kind kind) throws Exception {
    Files.writeString(directory.resolve("one.pem"), CA.rootPem());
    Files.writeString(directory.resolve("two.pem"), TestCa.root().rootPem());
    Proxy proxy = scene.start("");
    Path session = scene.session(proxy, kind);
    for (String trust : List.of("one.pem", "two.pem")) {
      scene.configure(
          "", "hosts.\"a.example\".client-auth { mode = optional, trust = \"" + trust + "\" }");
      scene.reload(proxy);
      assertThat(scene.resumes(proxy, kind, session)).as("under %s", trust).isFalse();
      session = scene.session(proxy, kind);
      assertThat(scene.resumes(proxy, kind, session)).as("its own, under %s", trust).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ID_1_2")
  void aTicketEndsAfterAsManyRotationsAsAreAccepted(Kind kind) throws Exception {
    Proxy proxy = scene.start("accept-previous = 1");
    Path session = scene.session(proxy, kind);
    proxy.rotateTicketKeys(false);
    assertThat(metric(proxy, Metric.TLS_TICKET_KEYS, "current")).isEqualTo(1);
    assertThat(metric(proxy, Metric.TLS_TICKET_KEYS, "accepted")).isEqualTo(1);
    assertThat(scene.resumes(proxy, kind, session)).isTrue();
    proxy.rotateTicketKeys(false);
    assertThat(metric(proxy, Metric.TLS_TICKET_KEYS, "accepted")).isEqualTo(1);
    assertThat(scene.resumes(proxy, kind, session)).isFalse();
  }

  @Test
  void acceptingFewerKeysTakesEffectWithTheReload() throws Exception {
    Proxy proxy = scene.start("accept-previous = 2");
    Path session = scene.session(proxy, Kind.TICKET_1_3);
    proxy.rotateTicketKeys(false);
    scene.configure("accept-previous = 0");
    scene.reload(proxy);
    assertThat(metric(proxy, Metric.TLS_TICKET_KEYS, "accepted")).isZero();
    assertThat(scene.resumes(proxy, Kind.TICKET_1_3, session)).isFalse();
  }

  @Test
  void keysAreRotatedByTheClock() throws Exception {
    Proxy proxy = scene.start("rotate-every = 1h");
    assertThat(metric(proxy, Metric.TLS_TICKET_KEYS, "accepted")).isZero();
    scene.clock.advance(Duration.ofMinutes(59));
    assertThat(metric(proxy, Metric.TLS_TICKET_KEY_AGE)).isEqualTo(59 * 60);
    scene.clock.advance(Duration.ofMinutes(1));
    Patience.until(
        "a new key is made", () -> metric(proxy, Metric.TLS_TICKET_KEYS, "accepted") == 1);
    assertThat(metric(proxy, Metric.TLS_TICKET_KEY_AGE)).isZero();
  }

  @Test
  void withoutTicketsThereAreNoKeys() throws Exception {
    Proxy proxy = scene.start("enabled = off");
    assertThat(metric(proxy, Metric.TLS_TICKET_KEYS)).isZero();
  }

  @Nested
  class AfterForgetting {
    @ParameterizedTest
    @EnumSource(Kind.class)
    void noSessionOfBeforeResumesAndNewOnesDo(Kind kind) throws Exception {
      Proxy proxy = scene.start("accept-previous = 4");
      Path session = scene.session(proxy, kind);
      proxy.rotateTicketKeys(false);
      assertThat(scene.resumes(proxy, kind, session)).isTrue();
      proxy.rotateTicketKeys(true);
      assertThat(metric(proxy, Metric.TLS_TICKET_KEYS, "accepted")).isZero();
      assertThat(scene.resumes(proxy, kind, session)).isFalse();
      assertThat(scene.resumes(proxy, kind, scene.session(proxy, kind))).isTrue();
    }
  }
}
