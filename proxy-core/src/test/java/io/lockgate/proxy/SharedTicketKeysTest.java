package io.lockgate.proxy;

import static io.lockgate.proxy.ResumptionScene.metric;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockgate.metrics.Metric;
import io.lockgate.proxy.ResumptionScene.Kind;
import io.lockgate.testkit.Patience;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tickets that several processes accept, or one that is started again. */
class SharedTicketKeysTest {
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

  @Nested
  class WithAKeysDirectory {
    private static final String SHARED = "keys-directory = keys, accept-previous = 1";

    @ParameterizedTest
    @EnumSource(value = Kind.class, mode = EnumSource.Mode.EXCLUDE, names = "ID_1_2")
    void aTicketOfOneProcessResumesAtAnother(Kind kind) throws Exception {
      Proxy one = scene.start(SHARED);
      Proxy other = scene.start();
      Path session = scene.session(one, kind);
      assertThat(scene.resumes(other, kind, session)).isTrue();
      one.rotateTicketKeys(false);
      assertThat(scene.resumes(other, kind, session)).isTrue();
      Path fresh = scene.session(one, kind);
      scene.clock.advance(Duration.ofMinutes(1));
      Patience.until("the other follows", () -> scene.resumes(other, kind, fresh));
      one.rotateTicketKeys(false);
      scene.clock.advance(Duration.ofMinutes(1));
      Patience.until("the other follows", () -> !scene.resumes(other, kind, session));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void forgettingInOneIsFollowedByAll(Kind kind) throws Exception {
      Proxy one = scene.start(SHARED);
      Proxy other = scene.start();
      Path session = scene.session(other, kind);
      one.rotateTicketKeys(true);
      scene.clock.advance(Duration.ofMinutes(1));
      Patience.until("the other has forgotten", () -> !scene.resumes(other, kind, session));
    }

    @Test
    void aTicketOutlivesARestart() throws Exception {
      Proxy one = scene.start(SHARED);
      Path session = scene.session(one, Kind.TICKET_1_3);
      one.close();
      assertThat(scene.resumes(scene.start(), Kind.TICKET_1_3, session)).isTrue();
    }

    @Test
    void itIsAnErrorIfOthersCouldReadTheKeys() throws Exception {
      Proxy running = scene.start("");
      Path session = scene.session(running, Kind.TICKET_1_3);
      Path keys = Files.createDirectory(directory.resolve("keys"));
      Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rwxr-xr-x"));
      scene.configure(SHARED);
      assertThatThrownBy(scene::start)
          .isInstanceOf(StartException.class)
          .hasMessageContaining("error[ticket-keys-exposed]")
          .hasMessageContaining("lockgate.conf:4");
      assertThat(running.reload("test").result()).isEqualTo(ReloadReport.Result.REJECTED);
      assertThat(scene.resumes(running, Kind.TICKET_1_3, session)).as("what was goes on").isTrue();
    }

    @Test
    void keysThatCannotBeReadAnyMoreStayAsTheyWere() throws Exception {
      Proxy running = scene.start(SHARED);
      Path session = scene.session(running, Kind.TICKET_1_3);
      Files.writeString(directory.resolve("keys/keys"), "garbage");
      scene.clock.advance(Duration.ofMinutes(1));
      assertThatThrownBy(() -> running.rotateTicketKeys(false)).hasMessageContaining("keys/keys");
      assertThat(scene.resumes(running, Kind.TICKET_1_3, session)).isTrue();
    }
  }

  @Nested
  class WithASeed {
    private static final String SEEDED = "keys-seed { env = SEED }, rotate-every = 1h";

    @ParameterizedTest
    @EnumSource(value = Kind.class, mode = EnumSource.Mode.EXCLUDE, names = "ID_1_2")
    void aTicketOfOneProcessResumesAtAnother(Kind kind) throws Exception {
      Proxy one = scene.start(SEEDED);
      Proxy other = scene.start();
      Path session = scene.session(one, kind);
      assertThat(scene.resumes(other, kind, session)).isTrue();
      assertThat(metric(one, Metric.TLS_TICKET_KEYS, "accepted"))
          .as("two before, one after")
          .isEqualTo(3);
    }

    @Test
    void anotherSeedTakesEffectWithTheReload() throws Exception {
      Path seed = directory.resolve("seed");
      Files.writeString(seed, "the first seed, of more than 32 bytes");
      Proxy proxy = scene.start("keys-seed { file = seed }");
      Path ticket = scene.session(proxy, Kind.TICKET_1_3);
      Path id = scene.session(proxy, Kind.ID_1_2);
      assertThat(proxy.reload("test").result()).isEqualTo(ReloadReport.Result.UNCHANGED);
      assertThat(scene.resumes(proxy, Kind.TICKET_1_3, ticket)).isTrue();
      Files.writeString(seed, "the second seed, of more than 32 bytes");
      scene.reload(proxy);
      assertThat(scene.resumes(proxy, Kind.TICKET_1_3, ticket)).isFalse();
      assertThat(scene.resumes(proxy, Kind.ID_1_2, id)).isFalse();
      Files.writeString(seed, "short");
      assertThat(proxy.reload("test").problems().toString()).contains("short-ticket-seed");
    }

    @Test
    void keysCannotBeRotatedByHand() throws Exception {
      Proxy proxy = scene.start(SEEDED);
      assertThatThrownBy(() -> proxy.rotateTicketKeys(true)).hasMessageContaining("seed");
    }
  }
}
