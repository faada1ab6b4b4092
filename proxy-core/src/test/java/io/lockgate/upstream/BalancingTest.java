package io.lockgate.upstream;

import static io.lockgate.upstream.TestServers.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lockgate.config.model.BalanceConfig;
import io.lockgate.config.model.BalanceConfig.HashKey;
import io.lockgate.config.model.BalanceConfig.Method;
import io.lockgate.config.model.BalanceConfig.StickyCookie;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Which server is picked, by what was asked for and by how the servers stand. */
class BalancingTest {
  private static BalanceConfig by(Method method) {
    return new BalanceConfig(method, Optional.empty(), Duration.ZERO, 0, 0);
  }

  private static BalanceConfig careful(int panic, int backupBelow) {
    return new BalanceConfig(
        Method.Even.ROUND_ROBIN, Optional.empty(), Duration.ZERO, panic, backupBelow);
  }

  private static BalanceConfig hash(HashKey.Source source, String name) {
    return by(new Method.Hash(new HashKey(source, name)));
  }

  @Nested
  class InTurns {
    @Test
    void spreadAHeavyServersTurnsAmongTheOthers() {
      assertThat(TestServers.of(BalanceConfig.ROUND_ROBIN, "a*2", "b", "c").picks(8))
          .isEqualTo("abcaabca");
    }

    @Test
    void goRoundThoseThatAreWell() {
      TestServers servers = TestServers.of(BalanceConfig.ROUND_ROBIN, "a", "b", "c");
      servers.standing("b").checksFail("status 500", 0);
      assertThat(servers.picks(4)).isEqualTo("acac");
      servers.standing("b").checksSucceed(0);
      assertThat(servers.share("b", 30)).isEqualTo(10);
    }
  }

  @ParameterizedTest
  @EnumSource(Method.Even.class)
  void everyWayFollowsTheWeights(Method.Even method) {
    TestServers servers = TestServers.of(by(method), "a*3", "b");
    assertThat(servers.share("a", 4000)).isCloseTo(3000, within(120L));
  }

  @ParameterizedTest
  @EnumSource(Method.Even.class)
  void everyWayPassesByWhatHasFailedThisRequest(Method.Even method) {
    TestServers servers = TestServers.of(by(method), "a", "b", "c");
    for (int i = 0; i < 20; i++) {
      assertThat(servers.pickAvoiding("a")).isIn("b", "c");
      assertThat(servers.pickAfter("a", "c")).isEqualTo("b");
      assertThat(servers.pickAfter("a", "b", "c")).isEqualTo("none");
    }
  }

  @Nested
  class LeastRequestsOf {
    private final TestServers servers =
        TestServers.of(by(Method.Even.LEAST_REQUESTS), "a", "b", "c");

    @Test
    void twoIsNeverTheBusiest() {
      servers.server("a").load().set(5);
      assertThat(servers.picks(200)).doesNotContain("a");
    }

    @Test
    void aHeavyServerIsMeasuredByItsWeight() {
      TestServers two = TestServers.of(by(Method.Even.LEAST_REQUESTS), "a*10", "b");
      two.server("a").load().set(15);
      two.server("b").load().set(2);
      assertThat(two.picks(50)).isEqualTo("a".repeat(50));
    }

    @Test
    void manyKeepsAllAtNearlyTheSameLoad() {
      TestServers ten =
          TestServers.of(
              by(Method.Even.LEAST_REQUESTS), "a", "b", "c", "d", "e", "f", "g", "h", "i", "j");
      for (int i = 0; i < 1000; i++) {
        ten.server(ten.pick()).load().incrementAndGet();
      }
      assertThat(ten.servers).allMatch(s -> Math.abs(s.load().get() - 100) <= 5);
    }
  }

  @Nested
  class ByHashOf {
    private TestServers ten(BalanceConfig config) {
      return TestServers.of(config, "a", "b", "c", "d", "e", "f", "g", "h", "i", "j");
    }

    private Map<String, String> places(TestServers servers, int keys) {
      Map<String, String> places = new HashMap<>();
      for (int i = 0; i < keys; i++) {
        servers.facts.client = "10.0." + i / 250 + "." + i % 250;
        places.put(servers.facts.client, servers.pick());
      }
      return places;
    }

    @Test
    void theClientsAddressStaysWithItsServer() {
      TestServers servers = ten(hash(HashKey.Source.CLIENT_IP, ""));
      assertThat(places(servers, 1000)).isEqualTo(places(servers, 1000));
    }

    @Test
    void manyKeysUsesAllServersAboutEvenly() {
      Map<String, Integer> counts = new HashMap<>();
      places(ten(hash(HashKey.Source.CLIENT_IP, "")), 10_000)
          .values()
          .forEach(name -> counts.merge(name, 1, Integer::sum));
      assertThat(counts).hasSize(10);
      assertThat(counts.values()).allMatch(count -> count > 700 && count < 1350);
    }

    @Test
    void aServerThatGoesMovesItsKeysAlone() {
      TestServers servers = ten(hash(HashKey.Source.CLIENT_IP, ""));
      Map<String, String> before = places(servers, 2000);
      servers.servers.remove(servers.server("d"));
      servers.follow();
      Map<String, String> after = places(servers, 2000);
      assertThat(before.keySet())
          .allMatch(key -> before.get(key).equals("d") || before.get(key).equals(after.get(key)));
      assertThat(after.values()).doesNotContain("d");
    }

    @Test
    void aServerThatIsIllMovesItsKeysAloneAndGetsThemBack() {
      TestServers servers = ten(hash(HashKey.Source.CLIENT_IP, ""));
      Map<String, String> before = places(servers, 2000);
      servers.standing("d").checksFail("status 500", 0);
      Map<String, String> meanwhile = places(servers, 2000);
      assertThat(before.keySet())
          .allMatch(
              key -> before.get(key).equals("d") || before.get(key).equals(meanwhile.get(key)));
      servers.standing("d").checksSucceed(0);
      assertThat(places(servers, 2000)).isEqualTo(before);
    }

    @Test
    void oneHotKeyOverloadsNoServer() {
      TestServers servers = ten(hash(HashKey.Source.HEADER, "X-Tenant"));
      servers.facts.field("x-tenant", "hot");
      List<Integer> loads = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        servers.server(servers.pick()).load().incrementAndGet();
      }
      servers.servers.forEach(server -> loads.add(server.load().get()));
      assertThat(loads).allMatch(load -> load <= 126, "a quarter above the share, rounded up");
    }

    @Test
    void aMissingKeySpreadsEvenly() {
      TestServers servers = ten(hash(HashKey.Source.COOKIE, "id"));
      assertThat(servers.picks(10)).isEqualTo("abcdefghij");
    }

    @ParameterizedTest
    @CsvSource({
      "id=7",
      "'a=b; id=7'",
      "'xid=8; id=7; id=9'",
      "'a=\"id=8\";id=7'",
    })
    void aCookieIsFoundAmongOthers(String field) {
      TestServers servers = ten(hash(HashKey.Source.COOKIE, "id"));
      servers.facts.field("Cookie", "id=7");
      String alone = servers.pick();
      servers.facts.field("cookie", field);
      assertThat(servers.pick()).isEqualTo(alone);
    }
  }

  @Nested
  class PriorityGroups {
    private final TestServers servers =
        TestServers.of(careful(0, 60), "a", "b", "c!1", "d!1", "e!2");

    @Test
    void afterTheFirstRestWhileItIsWell() {
      assertThat(servers.picks(4)).isEqualTo("abab");
    }

    @Test
    void helpWhereTooFewAreWell() {
      servers.standing("a").checksFail("", 0);
      assertThat(servers.picks(30)).contains("b", "c", "d").doesNotContain("a", "e");
    }

    @Test
    void takeOverWhereNoneIsWell() {
      for (String name : List.of("a", "b", "c", "d")) {
        servers.standing(name).connectFailed("refused", servers.now);
      }
      assertThat(servers.picks(3)).isEqualTo("eee");
    }
  }

  @Nested
  class PanicUses {
    @Test
    void allServersWhereNoneIsWell() {
      TestServers servers = TestServers.of(careful(0, 0), "a", "b");
      servers.standing("a").checksFail("", 0);
      servers.standing("b").checksFail("", 0);
      assertThat(servers.picks(4)).isEqualTo("abab");
    }

    @Test
    void allServersWhereFewerThanTheThresholdAreWell() {
      TestServers servers = TestServers.of(careful(50, 0), "a", "b", "c");
      servers.standing("a").checksFail("", 0);
      assertThat(servers.picks(6)).isEqualTo("bcbcbc");
      servers.standing("b").checksFail("", 0);
      assertThat(servers.share("a", 30)).isEqualTo(10);
    }

    @Test
    void neverAServerThatAnOperatorKeepsFromRequests() {
      TestServers servers = TestServers.of(careful(0, 0), "a", "b");
      servers.standing("a").wish(ServerStanding.Wish.MAINTENANCE, 0);
      servers.standing("b").wish(ServerStanding.Wish.DRAIN, 0);
      assertThat(servers.pick()).isEqualTo("none");
      servers.standing("b").wish(ServerStanding.Wish.READY, 0);
      assertThat(servers.picks(2)).isEqualTo("bb");
    }
  }

  @Nested
  class AnUnreachableServer {
    private final TestServers servers = TestServers.of(careful(0, 0), "a", "b");

    @Test
    void isTriedByOneRequestAtATime() {
      servers.standing("a").connectFailed("refused", servers.now);
      assertThat(servers.picks(10)).isEqualTo("b".repeat(10));
      servers.now += SECOND;
      assertThat(servers.picks(10)).isEqualTo("a" + "b".repeat(9));
      servers.now += SECOND;
      assertThat(servers.picks(2)).as("the first try led to nothing").isEqualTo("ab");
    }

    @Test
    void returnsOnceItIsReached() {
      servers.standing("a").connectFailed("refused", servers.now);
      servers.standing("a").reached(servers.now);
      assertThat(servers.share("a", 10)).isEqualTo(5);
      assertThat(servers.events)
          .containsExactly("a UNREACHABLE: refused", "a READY: it accepts connections");
    }
  }

  @Test
  void aServerThatReturnsGetsItsShareLittleByLittle() {
    TestServers servers =
        TestServers.of(
            new BalanceConfig(
                Method.Even.ROUND_ROBIN, Optional.empty(), Duration.ofSeconds(10), 0, 0),
            "a",
            "b");
    servers.standing("a").checksFail("", 0);
    servers.standing("a").checksSucceed(0);
    assertThat(servers.share("a", 1000)).isLessThan(60);
    servers.now = 5 * SECOND;
    assertThat(servers.share("a", 1000)).isCloseTo(333, within(5L));
    servers.now = 10 * SECOND;
    assertThat(servers.share("a", 1000)).isEqualTo(500);
  }

  @Nested
  class AStickyCookie {
    private final StickyCookie config = sticky(Duration.ofMinutes(10));
    private final TestServers servers = servers(config);
    private final StickyCookies cookies = servers.cookies(config);

    private static StickyCookie sticky(Duration ttl) {
      return new StickyCookie("srv", ttl, true, StickyCookie.SameSite.LAX, Optional.empty());
    }

    private static TestServers servers(StickyCookie config) {
      return TestServers.of(
          new BalanceConfig(Method.Even.ROUND_ROBIN, Optional.of(config), Duration.ZERO, 0, 0),
          "a",
          "b",
          "c");
    }

    private String given(String server) {
      cookies.follow(ServerSet.of(servers.servers, List.of(), false));
      return cookies.fieldFor(new TestServers.Facts(), server + ":80").orElseThrow().toString();
    }

    private void sends(String cookie) {
      servers.facts.field("Cookie", cookie.substring(0, cookie.indexOf(';')));
    }

    @Test
    void bringsTheClientBack() {
      sends(given("b"));
      assertThat(servers.picks(5)).isEqualTo("bbbbb");
      assertThat(cookies.fieldFor(servers.facts, "b:80")).as("nothing new to say").isEmpty();
      assertThat(cookies.fieldFor(servers.facts, "c:80")).as("another server answered").isPresent();
    }

    @Test
    void tellsNoAddressAndIsKeptFromScripts() {
      assertThat(given("b"))
          .matches("srv=[A-Za-z0-9_-]{38}; Path=/; Max-Age=600; HttpOnly; Secure; SameSite=Lax");
    }

    @Test
    void thatWasTamperedWithIsIgnored() {
      String cookie = given("b");
      char last = cookie.charAt(30);
      sends(cookie.substring(0, 30) + (last == 'A' ? 'B' : 'A') + cookie.substring(31));
      assertThat(servers.picks(3)).isEqualTo("abc");
    }

    @Test
    void thatIsTooOldIsIgnored() {
      sends(given("b"));
      servers.now = 600 * SECOND;
      assertThat(servers.picks(3)).isEqualTo("abc");
    }

    @Test
    void isRenewedAfterHalfItsTime() {
      sends(given("b"));
      servers.now = 301 * SECOND;
      assertThat(cookies.fieldFor(servers.facts, "b:80")).isPresent();
    }

    @Test
    void leadsToADrainingServerButNotToOneInMaintenanceOrIll() {
      sends(given("b"));
      servers.standing("b").wish(ServerStanding.Wish.DRAIN, 0);
      assertThat(servers.picks(2)).isEqualTo("bb");
      servers.facts.field("X", "y");
      assertThat(servers.picks(4)).as("clients without the cookie").doesNotContain("b");
      sends(given("b"));
      servers.standing("b").wish(ServerStanding.Wish.MAINTENANCE, 0);
      assertThat(servers.picks(4)).doesNotContain("b");
      servers.standing("b").wish(ServerStanding.Wish.READY, 0);
      servers.standing("b").checksFail("", 0);
      assertThat(servers.picks(4)).doesNotContain("b");
    }

    @Test
    void doesNotInsistOnAServerThatHasJustFailed() {
      sends(given("b"));
      assertThat(servers.pickAvoiding("b")).isIn("a", "c");
      assertThat(servers.pickAfter("b")).isIn("a", "c");
    }
  }
}
