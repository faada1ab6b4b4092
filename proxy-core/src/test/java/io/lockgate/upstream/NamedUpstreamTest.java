package io.lockgate.upstream;

import static io.lockgate.upstream.UpstreamScene.OK;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockgate.testkit.Patience;
import io.lockgate.testkit.ScriptedOrigin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Servers that are known by a name, of whose addresses a name server tells. */
class NamedUpstreamTest {
  private final List<AutoCloseable> toClose = new ArrayList<>();
  private TestNameServer names;
  private UpstreamScene scene;
  private TestLoops loops;

  @BeforeEach
  void nameServer() throws IOException {
    names = new TestNameServer();
    scene = new UpstreamScene(new TestLoops(names.provider()));
    loops = scene.loops;
  }

  @AfterEach
  void close() throws Exception {
    scene.close();
    names.close();
    for (AutoCloseable each : toClose) {
      each.close();
    }
  }

  /** A pool whose server is known by a name, which the name server is asked for first. */
  private UpstreamPool named(ScriptedOrigin origin) {
    return loops.watched(
        TestUpstream.at("app.test.internal:" + origin.port()).config(), Optional.empty());
  }

  private List<String> addresses(UpstreamPool pool) {
    return pool.figures().stream().map(ServerFigures::address).toList();
  }

  @Test
  void standForAllTheirAddresses() throws IOException {
    ScriptedOrigin origin = scene.answering(OK);
    names.answers("127.0.0.1");
    UpstreamPool pool = named(origin);
    assertThat(loops.get(pool).server()).isEqualTo("app.test.internal:" + origin.port());
    names.answers("127.0.0.1", "127.0.0.2");
    Patience.until("both are there", () -> addresses(pool).size() == 2);
    assertThat(addresses(pool))
        .containsExactly("127.0.0.1:" + origin.port(), "127.0.0.2:" + origin.port());
  }

  @Test
  void thatMoveTakeTheirRequestsAlong() throws IOException {
    ScriptedOrigin origin = scene.answering(OK);
    names.answers("127.0.0.1");
    UpstreamPool pool = named(origin);
    loops.get(pool);
    names.answers("127.0.0.2");
    Patience.until("it moved", () -> addresses(pool).get(0).startsWith("127.0.0.2:"));
    loops.awaitRest(pool, 0);
  }

  @Test
  void thatAreNoLongerAnsweredKeepTheirAddresses() throws IOException {
    ScriptedOrigin origin = scene.answering(OK);
    names.answers("127.0.0.1");
    UpstreamPool pool = named(origin);
    names.fails();
    int before = names.questions();
    Patience.until("it was asked for again, twice", () -> names.questions() > before + 2);
    assertThat(loops.get(pool).outcome()).isEqualTo("200 ok");
  }

  /** Where there is no IPv6 at all, its address refuses at once, which must not matter either. */
  @Test
  void ofTwoFamiliesAreReachedByTheOneThatAccepts() throws IOException {
    ScriptedOrigin origin = scene.answering(OK);
    DeafAddress.at("::1", origin.port()).ifPresent(toClose::add);
    names.answers("::1", "127.0.0.1");
    UpstreamPool pool = named(origin);
    assertThat(addresses(pool)).hasSize(2);
    for (int i = 0; i < 4; i++) {
      assertThat(loops.get(pool).outcome()).isEqualTo("200 ok");
    }
    assertThat(pool.figures().stream().map(ServerFigures::state))
        .containsExactlyInAnyOrder(ServerState.READY, ServerState.UNREACHABLE);
    loops.awaitRest(pool, 1);
  }

  @Test
  void withoutAddressFailAtOnceAndAreServedOnceThereIsOne() throws IOException {
    ScriptedOrigin origin = scene.answering(OK);
    UpstreamPool pool = named(origin);
    assertThat(loops.get(pool).outcome()).isEqualTo("NAME_UNRESOLVED");
    assertThat(pool.figures().get(0).state()).isEqualTo(ServerState.UNRESOLVED);
    names.answers("127.0.0.1");
    Patience.until("it is found", () -> loops.get(pool).outcome().equals("200 ok"));
  }
}
